// Documents for several schemas, correct and spoiled, and what each single rule of graphql-js, the reference implementation, finds wrong with each.
// Input: one more schema, of which names are made nearly right documents too. Arguments: how many, seed.
// Output: a line of JSON {schemas: [text]}, then one for each document: {schema: index, text, conditions: whether a subscription has some, errors: ["Rule line:column line:column ..."]}, sorted.

import { buildSchema, parse, specifiedRules, validate } from 'graphql'
import { readFileSync } from 'node:fs'
import { documentMaker } from './graphql-documents.mjs'
import { randomSchema, zoo } from './graphql-schemas.mjs'
import { seeded } from './graphql-random.mjs'
import { validationCases } from './graphql-validation-cases.mjs'

const [count, seed] = process.argv.slice(2).map(Number)
const texts = [zoo, readFileSync(0, 'utf8'), ...Array.from({ length: 6 }, (_, i) => randomSchema(seed + i))]
const schemas = texts.map(t => buildSchema(t))
console.log(JSON.stringify({ schemas: texts }))

function tell(index, text) {
  const document = parse(text)
  // Conditions at the root of a subscription: the specification forbids them, graphql-js 16 evaluates them, without values for variables.
  const conditions = /@(skip|include)/.test(text) && document.definitions.some(d => d.operation === 'subscription')
  const errors = specifiedRules.filter(rule => rule.name !== 'MaxIntrospectionDepthRule' && !(conditions && rule.name === 'SingleFieldSubscriptionsRule')).flatMap(rule => validate(schemas[index], document, [rule], { maxErrors: 100_000 })
    .map(e => `${rule.name} ${(e.locations ?? []).map(l => `${l.line}:${l.column}`).join(' ')}`))
  console.log(JSON.stringify({ schema: index, text, conditions, errors: errors.sort() }))
}

for (const text of validationCases) tell(0, text)
const { random } = seeded(seed)
const makers = schemas.map((schema, i) => documentMaker(schema, seed + 100 + i))
for (let i = 0; i < count; i++) {
  // Half of them for the schema that has everything.
  const index = i % 2 === 0 ? 0 : random(schemas.length)
  const maker = makers[index]
  let text = maker.correct().text
  for (let n = i % 5; n > 0; n--) text = maker.spoil(text) ?? text
  tell(index, text)
}

// Documents that are correct, with values for their variables and data that is only nearly what the schema says, and what graphql-js, the reference implementation, answers.
// Fields named in `loaded`, those of the root types and those with arguments have a resolver; there {"__error": true} is thrown. Arguments: how many, seed.
// Output: a line {schemas: [text], loaded: [name]}, then one for each: {schema, text, variables, root, refused} or {..., data, paths: [[...]]}; source: whether a subscription's stream was refused.

import { buildSchema, createSourceEventStream, execute, getNamedType, isAbstractType, isEnumType, isInputObjectType, isLeafType, isListType, isNonNullType, isObjectType, parse, validate } from 'graphql'
import { documentMaker } from './graphql-documents.mjs'
import { executionCases } from './graphql-execution-cases.mjs'
import { randomSchema, zoo } from './graphql-schemas.mjs'
import { seeded } from './graphql-random.mjs'

const [count, seed] = process.argv.slice(2).map(Number)
const { random, one, chance, some } = seeded(seed)
const texts = [zoo, ...Array.from({ length: 6 }, (_, i) => randomSchema(seed + 50 + i))]
const schemas = texts.map(t => buildSchema(t))
const loaded = ['self', 'list', 'other', 'mother', 'boss', 'enemies', 'stones', 'weight', 'now', 'after', 'cares']
console.log(JSON.stringify({ schemas: texts, loaded }))

const isRoot = (schema, type) => [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(type)

/** A value for a field; sometimes one that is wrong. */
function value(schema, type, depth, throws) {
  if (isNonNullType(type)) return chance(1, 40) ? null : value(schema, type.ofType, depth, throws)
  if (throws && chance(1, 25)) return { __error: true }
  if (chance(1, 12)) return null
  if (isListType(type)) return chance(1, 40) ? one([5, 'x', { a: 1 }, true]) : some(() => value(schema, type.ofType, depth + 1, false), 0, depth > 4 ? 1 : 3)
  if (isLeafType(type)) {
    if (chance(1, 25)) return one([5, 1.5, 'x', '7', true, false, '', {}, [1], 3e9, '1.5', 'NOPE', 1e21, -0.000001])
    if (isEnumType(type)) return one(type.getValues()).name
    return { Int: () => random(1000) - 500, Float: () => one([1.5, 2, 1e10, -0.25]), String: () => one(['text', '', 'ä "quoted" \u{1F600}\n', '5']), Boolean: () => chance(1, 2), ID: () => one(['a', 5, '']) }[type.name]?.() ?? one(['moment', 5, { deep: [1, null] }, [true]])
  }
  if (chance(1, 60)) return one([5, 'x', [], [{}], true])
  return object(schema, isAbstractType(type) ? (schema.getPossibleTypes(type).length ? one(schema.getPossibleTypes(type)) : schema.getQueryType()) : type, depth + 1)
}
function object(schema, type, depth) {
  const made = { __typename: chance(1, 60) ? one(['Nope', 'Query', 'Int', schema.getQueryType().name]) : type.name }
  for (const field of Object.values(type.getFields()))
    if (isLeafType(getNamedType(field.type)) || depth < 4) made[field.name] = value(schema, field.type, depth, throwing(schema, type, field))
  return made
}
const throwing = (schema, type, field) => isRoot(schema, type) || loaded.includes(field.name) || field.args.length > 0

/** What comes for a variable as JSON; sometimes wrong. */
function given(type, depth = 0) {
  if (isNonNullType(type)) return chance(1, 40) ? null : given(type.ofType, depth)
  if (chance(1, 10)) return null
  if (chance(1, 25)) return one([5, 1.5, 1.0, 'x', true, null, [], [1, null], {}, { a: 1 }, { nope: 1 }, 3e9, 1e3, 'RED'])
  if (isListType(type)) return chance(1, 4) ? given(type.ofType, depth + 1) : some(() => given(type.ofType, depth + 1), 0, depth > 3 ? 0 : 2)
  if (isEnumType(type)) return one(type.getValues()).name
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    if (type.isOneOf) { const f = one(fields); return chance(1, 20) ? {} : { [f.name]: given(f.type, depth + 1) ?? 1 } }
    return Object.fromEntries(fields.filter(f => isNonNullType(f.type) ? !chance(1, 30) : depth < 3 && chance(1, 3)).map(f => [f.name, given(f.type, depth + 1)]))
  }
  return { Int: () => one([0, 7, -3, 1e3]), Float: () => one([1.5, 2, 1e10]), String: () => one(['text', '']), Boolean: () => chance(1, 2), ID: () => one(['a', 5]) }[type.name]?.() ?? one(['s', 5, true, 1.5, { a: [1] }, [null]])
}

async function tell(index, text, variables, root) {
  const schema = schemas[index]
  const document = parse(text)
  // Conditions at the root of a subscription are wrong by the specification, and graphql-js 16 throws on some of them.
  if (/@(skip|include)/.test(text) && document.definitions.some(d => d.operation === 'subscription')) return false
  // graphql-js 16 finds only while it runs that a schema has no such operations.
  if (document.definitions.some(d => d.kind === 'OperationDefinition' && !schema.getRootType(d.operation))) return false
  if (validate(schema, document).length) return false
  const operation = document.definitions.find(d => d.kind === 'OperationDefinition')
  let counted = 0
  const args = {
    schema, document, rootValue: root, variableValues: variables, operationName: operation.name?.value,
    fieldResolver(source, args, _, info) {
      if (info.fieldName === 'echo') return args
      if (info.parentType.name === 'Mutation' && info.fieldName === 'next') return { value: (counted += args.by) }
      if (info.parentType.name === 'Count') return info.fieldName === 'value' ? source.value : info.fieldName === 'after' ? counted : { value: counted }
      const found = source !== null && typeof source === 'object' ? source[info.fieldName] : undefined
      if (found?.__error === true) throw new Error('thrown')
      return found
    },
  }
  let source
  if (operation.operation === 'subscription') {
    const stream = await createSourceEventStream({ ...args, subscribeFieldResolver: () => (async function* () {})() })
    source = 'errors' in stream
  }
  const result = await execute(args)
  const refused = result.data === undefined
  console.log(JSON.stringify({ schema: index, text, variables, root, refused, source, data: refused ? undefined : result.data, paths: refused ? undefined : (result.errors ?? []).map(e => e.path ?? []) }))
  return true
}

let told = 0
for (const [text, variables] of executionCases) if (await tell(0, text, variables ?? {}, object(schemas[0], schemas[0].getQueryType(), 0))) told++
  else throw new Error(`not valid: ${text}`)
const makers = schemas.map((schema, i) => documentMaker(schema, seed + 300 + i))
while (told < count) {
  const index = chance(1, 2) ? 0 : random(schemas.length)
  const maker = makers[index]
  const { text, variables } = maker.correct()
  let written = text
  if (chance(1, 4)) written = maker.spoil(text) ?? text
  const operation = parse(written).definitions.find(d => d.kind === 'OperationDefinition')
  if (!operation) continue
  const root = { query: schemas[index].getQueryType(), mutation: schemas[index].getMutationType(), subscription: schemas[index].getSubscriptionType() }[operation.operation]
  if (!root) continue
  const values = Object.fromEntries([...variables].filter(() => !chance(1, 6)).map(([name, type]) => [name, given(type)]))
  if (await tell(index, written, values, object(schemas[index], root, 0))) told++
}

// Makes documents for a schema, correct ones and spoiled ones (scalars of our own get text, for the reference knows nothing of what they take), and says what graphql-js, the reference implementation, finds wrong with each.
// Input: the schema's text. Arguments: how many, seed. Output: a line of JSON for each: {text, errors: [[{line, column}]]}.

import { buildSchema, getNamedType, isCompositeType, isEnumType, isInputObjectType, isLeafType, isListType, isNonNullType, isObjectType, isRequiredArgument, isRequiredInputField, parse, validate } from 'graphql'
import { readFileSync } from 'node:fs'

const schema = buildSchema(readFileSync(0, 'utf8'))
const [count, seed] = process.argv.slice(2).map(Number)

let state = seed >>> 0
function random(below) {
  state = (state + 0x6d2b79f5) >>> 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) % below
}
const one = list => list[random(list.length)]
const chance = (n, of) => random(of) < n

function maker() {
  const variables = new Map()
  const fragments = []
  let budget = 40

  function value(type, depth) {
    if (isNonNullType(type)) return value(type.ofType, depth)
    if (chance(1, 8)) {
      const name = `v${variables.size}`
      variables.set(name, type)
      return `$${name}`
    }
    return constant(type, depth)
  }

  function constant(type, depth) {
    if (isNonNullType(type)) return constant(type.ofType, depth)
    if (chance(1, 20)) return 'null'
    if (isListType(type)) return chance(1, 4) ? constant(type.ofType, depth) : `[${Array.from({ length: random(3) }, () => constant(type.ofType, depth)).join(' ')}]`
    if (isEnumType(type)) return one(type.getValues()).name
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(f => isRequiredInputField(f) || (depth < 2 && chance(1, 6))).slice(0, 4)
      return `{${fields.map(f => `${f.name}: ${constant(isNonNullType(f.type) ? f.type.ofType : f.type, depth + 1)}`).join(', ')}}`
    }
    return { Int: '7', Long: '7', Float: '1.5', Boolean: 'true', ID: '"x"', String: '"x y"' }[type.name] ?? one(['"2026-01-01"', '"x"'])
  }

  function selections(type, depth) {
    const fields = type.getFields ? Object.values(type.getFields()) : []
    const chosen = []
    for (let n = 1 + random(4); n > 0 && budget > 0; n--) {
      budget--
      if (chance(1, 12)) { chosen.push('__typename'); continue }
      if (chance(1, 14) && depth < 5) { chosen.push(`... on ${one([type, ...schema.getPossibleTypes && !isObjectType(type) ? schema.getPossibleTypes(type) : [type]]).name}${directive('INLINE_FRAGMENT')} { ${selections(type, depth + 1)} }`); continue }
      if (chance(1, 16) && depth < 5) {
        const name = `F${fragments.length}`
        fragments.push(null)
        fragments[fragments.length - 1] = `fragment ${name} on ${type.name} { ${selections(type, depth + 1)} }`
        chosen.push(`...${name}`)
        continue
      }
      if (fields.length === 0) { chosen.push('__typename'); continue }
      const leaves = fields.filter(f => isLeafType(getNamedType(f.type)))
      const field = depth >= 4 && leaves.length > 0 ? one(leaves) : one(fields)
      const args = field.args.filter(a => isRequiredArgument(a) || chance(1, 5))
      const alias = chance(1, 6) ? `a${random(3)}: ` : ''
      const written = `${alias}${field.name}${args.length ? `(${args.map(a => `${a.name}: ${value(a.type, 0)}`).join(' ')})` : ''}${directive('FIELD')}`
      if (!isCompositeType(getNamedType(field.type))) chosen.push(written)
      else if (depth < 6) chosen.push(`${written} { ${selections(getNamedType(field.type), depth + 1)} }`)
    }
    return chosen.length ? chosen.join(' ') : '__typename'
  }

  function directive() {
    if (!chance(1, 15)) return ''
    return one([' @include(if: true)', ' @skip(if: false)', ' @include(if: true) @skip(if: false)'])
  }

  return {
    document() {
      const mutation = schema.getMutationType() && chance(1, 5)
      const root = mutation ? schema.getMutationType() : schema.getQueryType()
      const body = selections(root, 0)
      const declared = [...variables].map(([name, type]) => `$${name}: ${type}`)
      return `${mutation ? 'mutation' : 'query'} Q${declared.length ? `(${declared.join(', ')})` : ''} { ${body} }\n${fragments.join('\n')}`
    },
  }
}

// Each spoils a correct document in one way; the reference decides whether it is still correct.
const spoilers = [
  t => t.replace(/\b([a-z]\w+)\b(?=[^"]*$)/i, '$1x'),
  t => t.replace(/(\w+)(\s*[:}])/, 'zz$1$2'),
  t => t.replace(/\$v0/, '$nope'),
  t => t.replace('Q', 'Q($unused: Int)').replace('Q($unused: Int)(', 'Q($unused: Int '),
  t => t.replace(/: Int\b/, ': Nonsense'),
  t => t.replace(/: \w+!?([,)])/, ': String!$1'),
  t => t.replace('__typename', '__typename { id }'),
  t => t.replace(/\{ (\w+)/, '{ $1 @nope'),
  t => t.replace(/\{ (\w+)/, '{ $1 @deprecated'),
  t => t.replace(/\{ (\w+)/, '{ $1 @include'),
  t => t.replace(/\{ (\w+)/, '{ $1 @skip(if: "x")'),
  t => t.replace(/\{ (\w+)/, '{ $1 @skip(if: true) @skip(if: true)'),
  t => t + ' fragment Unused on Query { __typename }',
  t => t + ' fragment F0 on Query { __typename }',
  t => t.replace('{ ', '{ ...Missing '),
  t => t.replace('{ ', '{ ...Loop ') + ' fragment Loop on Query { ...Loop }',
  t => t.replace('{ ', '{ ...A ') + ' fragment A on Query { ...B } fragment B on Query { ...A __typename }',
  t => t.replace('{ ', '{ ... on Nothing { id } '),
  t => t.replace('{ ', '{ ... on String { id } '),
  t => t.replace('{ ', '{ ... on Lead { id } '),
  t => t.replace('{ ', '{ a: __typename a: node(id: "x") { id } '),
  t => t.replace('{ ', '{ a: node(id: "x") { id } a: node(id: "y") { id } '),
  t => t.replace('{ ', '{ lead '),
  t => t.replace('{ ', '{ lead(id: "x") { id { x } } '),
  t => t.replace('{ ', '{ lead(id: 1.5) { id } '),
  t => t.replace('{ ', '{ lead(id: "x", id: "y") { id } '),
  t => t.replace('{ ', '{ lead(idd: "x") { id } '),
  t => t.replace('{ ', '{ lead(id: null) { id } '),
  t => t.replace('{ ', '{ leads(first: "x") { totalCount } '),
  t => t.replace('{ ', '{ leads(first: 99999999999) { totalCount } '),
  t => t.replace('{ ', '{ leads(where: {nope: {eq: 1}}) { totalCount } '),
  t => t.replace('{ ', '{ leads(where: {email: {eq: 1}}) { totalCount } '),
  t => t.replace('{ ', '{ leads(where: {email: {eq: "a", eq: "b"}}) { totalCount } '),
  t => t.replace('{ ', '{ leads(order: [{createdAt: SIDEWAYS}]) { totalCount } '),
  t => t + ' query Q { __typename }',
  t => t + ' { __typename }',
  t => t.slice(0, random(t.length)),
  t => { const i = random(t.length); return t.slice(0, i) + one(['{', '}', '(', ')', '$', '@', '!', '"', '...', '&', '%', '#', ':', '\n', '[', '|']) + t.slice(i) },
  t => { const i = random(t.length); return t.slice(0, i) + t.slice(i + 1) },
]

for (let i = 0; i < count; i++) {
  let text = maker().document()
  for (let n = i % 3; n > 0; n--) text = one(spoilers)(text)
  let errors
  try {
    errors = validate(schema, parse(text), undefined, { maxErrors: 1000 }).map(e => e.locations)
  } catch (error) {
    errors = [error.locations]
  }
  console.log(JSON.stringify({ text, errors }))
}

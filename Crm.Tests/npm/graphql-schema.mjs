// Schemas, valid and spoiled, and what graphql-js, the reference implementation, makes of each: errors by rule and by the type system, the printed schema, introspection, and what a change to another schema breaks.
// Input: one more schema. Arguments: how many, seed.
// Output: a line {query: the introspection query}, then one for each schema, see `tell` and `tellChange`.

import { buildASTSchema, extendSchema, findBreakingChanges, findDangerousChanges, getIntrospectionQuery, getNamedType, introspectionFromSchema, isInputObjectType, Kind, parse, parseType, parseValue, print, printSchema, specifiedDirectives, typeFromAST, validateSchema, valueFromAST, visit } from 'graphql'
import { specifiedSDLRules } from 'graphql/validation/specifiedRules.js'
import { validateSDL } from 'graphql/validation/validate.js'
import { readFileSync } from 'node:fs'
import { randomSchema, zoo } from './graphql-schemas.mjs'
import { seeded } from './graphql-random.mjs'

const [count, seed] = process.argv.slice(2).map(Number)
const { random, one, chance } = seeded(seed)
const options = { specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true }
console.log(JSON.stringify({ query: getIntrospectionQuery(options) }))

const places = e => (e.locations ?? []).map(l => `${l.line}:${l.column}`).join(' ')

const odd = ['1', '"x"', 'true', 'null', 'WORD', '[]', '[1]', '{}', '{ a: 1 }']
const words = ['nope', 'a', 'id', 'name', '__a', 'Query', 'Int', 'String', 'RED', 'Object0', 'Object1', 'Face0', 'Face1', 'Input0', 'Input1', 'Enum0', 'Union0', 'deprecated', 'oneOf', 'Cat', 'Animal', 'Node', 'Pet', 'Range']

/** Changes one thing somewhere; null when the result is no document any more. */
function spoil(text) {
  const tree = JSON.parse(JSON.stringify(parse(text, { noLocation: true })))
  const found = { names: [], inputs: [], fields: [], lists: [], types: [], directives: [] }
  visit(tree, {
    enter(node) {
      if (node.kind === Kind.NAME) found.names.push(node)
      if (node.kind === Kind.INPUT_VALUE_DEFINITION) found.inputs.push(node)
      if (node.kind === Kind.FIELD_DEFINITION) found.fields.push(node)
      if (/Definition$|Extension$/.test(node.kind) && node.kind !== Kind.DIRECTIVE_DEFINITION) found.directives.push(node)
      if (node.type && node.kind !== Kind.OPERATION_TYPE_DEFINITION) found.types.push(node)
      for (const [name, list] of Object.entries(node)) if (Array.isArray(list) && list.length) found.lists.push([name, list])
    },
  })
  const extensions = ['extend type Query { extra: Int }', 'extend type Query @nope', 'extend type Object0 implements Face0', 'extend interface Face0 { extra: Int }', 'extend enum Enum0 { EXTRA @deprecated }', 'extend input Input0 { extra: Int = 5 }', 'extend union Union0 = Object0', 'extend scalar Moment @specifiedBy(url: "u")', 'extend schema { subscription: Object0 }', 'schema { query: Query }', 'schema { query: Query query: Query mutation: Face0 }', 'extend type Missing { a: Int }', 'extend input Query { a: Int }', 'type Query { a: Int }', 'directive @dir0 on FIELD', 'directive @skip(x: Int) on FIELD', 'scalar Int', 'input Deep { deep: Deep! other: [Deep!]! more: Deep2! } input Deep2 { deep: Deep! }', 'type Bare union Empty enum None', 'interface Loop implements Loop { a: Int }', 'interface P implements R { a: Int } interface R implements P { a: Int }', 'type T implements Node & Animal { id: ID }', 'input One @oneOf { a: Int! b: Int = 5 c: Int }', 'enum Words { true1 __a }', 'directive @own(a: Int! @deprecated, b: Query) repeatable on FIELD', 'type D { a(x: Int! @deprecated, y: Int! = 1 @deprecated): Int @deprecated(reason: null) }']
  const ways = [
    () => { one(found.names).value = one(chance(1, 2) ? words : found.names.map(n => n.value)) },
    () => { const [, list] = one(found.lists); list.splice(random(list.length), 1) },
    () => { const [, list] = one(found.lists); list.splice(random(list.length + 1), 0, structuredClone(one(list))) },
    () => { const [name, list] = one(found.lists); const same = found.lists.filter(([n]) => n === name); list.push(structuredClone(one(one(same)[1]))) },
    () => { const t = one(found.types); t.type = parseType(one([print(t.type) + (print(t.type).endsWith('!') ? '' : '!'), `[${print(t.type)}]`, print(t.type).replace(/!$/, ''), print(t.type).replace(/^\[(.*)\]!?$/, '$1'), one(words), `[${one(words)}!]`])) },
    () => { if (found.inputs.length) { const i = one(found.inputs); if (i.defaultValue && chance(1, 2)) delete i.defaultValue; else i.defaultValue = parseValue(one(odd)) } },
    () => { if (found.directives.length) { const d = one(found.directives); d.directives = [...(d.directives ?? []), { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: one(['deprecated', 'oneOf', 'specifiedBy', 'nope', 'dir0', 'onSchema', 'tag']) }, arguments: chance(1, 2) ? [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: one(['reason', 'url', 'x', 'name']) }, value: parseValue(one(odd)) }] : [] }] } },
    () => { if (found.fields.length) { const f = one(found.fields); f.arguments = [...(f.arguments ?? []), { kind: Kind.INPUT_VALUE_DEFINITION, name: { kind: Kind.NAME, value: one(['x', 'added']) }, type: parseType(one(['Int', 'Int!', '[String!]', 'Query'])) }] } },
    () => { tree.definitions.push(...parse(one(extensions)).definitions) },
    () => { const i = random(tree.definitions.length), j = random(tree.definitions.length); [tree.definitions[i], tree.definitions[j]] = [tree.definitions[j], tree.definitions[i]] },
  ]
  try {
    one(ways)()
    const spoiled = print(tree)
    parse(spoiled)
    return spoiled
  } catch {
    return null
  }
}

/** graphql-js 16 takes a default that is no value of its type for none at all, overlooks fields that its type has not, and cannot print an object or a list that a scalar of the schema's own has as its default. */
function defaultsFit(schema, document, base) {
  let fit = true
  const unknown = (value, type) => value.kind === Kind.LIST ? value.values.some(v => unknown(v, type)) : value.kind === Kind.OBJECT && isInputObjectType(type) && value.fields.some(f => !type.getFields()[f.name.value] || unknown(f.value, getNamedType(type.getFields()[f.name.value].type)))
  const check = node => { const type = typeFromAST(schema, node.type); if (node.defaultValue && type && (valueFromAST(node.defaultValue, type) === undefined || unknown(node.defaultValue, getNamedType(type)))) fit = false }
  // What an extension says in the same document as its type is overlooked too.
  const extension = node => { if (node.directives?.some(d => ['specifiedBy', 'oneOf'].includes(d.name.value))) fit = false }
  visit(document, { InputValueDefinition: check, ...base ? {} : { ScalarTypeExtension: extension, InputObjectTypeExtension: extension } })
  if (base) visit(base, { InputValueDefinition: check })
  try {
    printSchema(schema)
  } catch {
    return false
  }
  return fit
}

function build(document, base, baseDocument) {
  const errors = specifiedSDLRules.flatMap(rule => validateSDL(document, base, [rule]).map(e => `${rule.name} ${places(e)}`)).sort()
  if (errors.length) return { errors }
  try {
    const schema = base ? extendSchema(base, document, { assumeValidSDL: true }) : buildASTSchema(document, { assumeValidSDL: true })
    return { errors, schema, wrong: validateSchema(schema).map(places).sort(), fit: defaultsFit(schema, document, baseDocument) }
  } catch (error) {
    return { errors, thrown: String(error) }
  }
}

/** {text, base?, errors: ["Rule line:column ..."], wrong?: ["line:column ..."], fit: whether defaults are values of their types, printed?, introspection?} */
function tell(text, baseText) {
  const base = baseText ? buildASTSchema(parse(baseText)) : undefined
  const { errors, schema, wrong, fit, thrown } = build(parse(text), base, baseText && parse(baseText))
  const valid = schema && wrong.length === 0 && fit
  console.log(JSON.stringify({ text, base: baseText, errors, wrong, fit: fit ?? true, thrown, printed: valid ? printSchema(schema) : undefined, introspection: valid && !baseText ? introspectionFromSchema(schema, options) : undefined }))
  return valid ? schema : undefined
}

const patterns = [
  [/^Standard scalar (\w+) was/, '$1'], [/^A required field (\w+) on input type (\w+) was/, '$2.$1'], [/^An optional field (\w+) on input type (\w+) was/, '$2.$1'], [/^A required arg (\w+) on directive (\w+) was/, '@$2($1:)'],
  [/^A required arg (\w+) on (\w+)\.(\w+) was/, '$2.$3($1:)'], [/^An optional arg (\w+) on (\w+)\.(\w+) was/, '$2.$3($1:)'], [/^Repeatable flag was removed from (\w+)\./, '@$1'], [/^(\w+) was (?:removed from|added to) (?:union|enum) type (\w+)\./, '$2.$1'],
  [/^(\w+) no longer implements interface (\w+)\./, '$1.$2'], [/^(\w+) added to interfaces implemented by (\w+)\./, '$2.$1'], [/^(\w+)\.(\w+) arg (\w+) /, '$1.$2($3:)'], [/^(\w+)\.(\w+) (?:was removed|changed type)/, '$1.$2'], [/^(\w+) (?:was removed\.|changed from)/, '$1'],
]
function path({ type, description }) {
  if (type === 'DIRECTIVE_REMOVED') return '@' + description.split(' ')[0]
  if (type === 'DIRECTIVE_ARG_REMOVED') return description.replace(/^(\w+) was removed from (\w+)\.$/, '@$2($1:)')
  if (type === 'DIRECTIVE_LOCATION_REMOVED') return description.replace(/^(\w+) was removed from (\w+)\.$/, '@$2 $1')
  const [pattern, into] = patterns.find(([p]) => p.test(description))
  return description.match(pattern)[0].replace(pattern, into)
}

/** {old, new, changes: ["breaks KIND path", "dangerous KIND path"]} */
function tellChange(older, newer) {
  const changes = [...findBreakingChanges(...newer.schemas).map(c => `breaks ${c.type} ${path(c)}`), ...findDangerousChanges(...newer.schemas).map(c => `dangerous ${c.type} ${path(c)}`)]
  console.log(JSON.stringify({ old: older, new: newer.text, changes: changes.sort() }))
}

const more = readFileSync(0, 'utf8')
const first = [zoo, more]
for (let i = 0; i < count; i++) {
  const original = first[i] ?? (chance(1, 6) ? zoo : randomSchema(seed + i))
  let text = original
  for (let n = i % 4; n > 0 && i >= first.length; n--) text = spoil(text) ?? text
  const schema = tell(text)
  if (schema && i % 4 === 0) {
    const other = randomSchema(seed + count + i)
    tellChange(text, { text: other, schemas: [schema, buildASTSchema(parse(other))] })
  }
  if (schema && i % 4 > 0) {
    const before = buildASTSchema(parse(original))
    // Specified directives that one of both redefines are changes too.
    tellChange(original, { text, schemas: [before, schema] })
    tellChange(text, { text: original, schemas: [schema, before] })
  }
}
const extensions = ['extend type Query { extra(a: In = { b: [1] }): New } input In { b: [Int] c: E = ON } enum E { ON OFF } type New implements Named & Node { id: ID! name(full: Boolean = false): String nick: String }',
  'extend interface Node { more: Int } extend type Cat { more: Int } extend type Dog { more: Int! } extend type Keeper { more: Int } extend interface Animal { more: Int }', 'extend interface Node { more: Int }', 'extend union Pet = Keeper extend enum Reason { MORE } extend input Range { more: [By!] } extend input By { more: Int }',
  'extend scalar Anything @specifiedBy(url: "u") extend schema @onSchema', 'directive @further repeatable on FIELD | OBJECT extend type Cat @further @further', 'type Cat { id: ID }', 'extend enum Cat { A }', 'extend type Cat { id: ID }', 'extend enum Reason { PLAY }', 'extend schema { query: Cat }', 'schema { query: Cat }', 'extend union Pet = Cat', 'extend input StoneFilter { need: StoneFilter! }', 'extend type Nothing { a: Int }', 'directive @tag on FIELD', 'extend type Cat @tag(name: "a") @tag(nope: 1)', 'extend type Cat implements Thing', 'extend type Stone implements Node']
for (const text of extensions) tell(text, zoo)

// Every kind of change, in one pair of schemas and back.
const before = 'directive @d(a: Int, b: Int) repeatable on FIELD | QUERY directive @gone on FIELD scalar Turned scalar Gone interface I { a: Int } interface J { a: Int } type A implements I { a: Int b(x: Int, y: Int = 1, z: Int! = 2, w: W = { a: 1, b: [2] }): String c: [Int!] d: Int } type B { a: Int } union U = A | B enum E { ON OFF } input W { a: Int b: [Int] } input In { a: Int b: [Int] gone: Int turned: Int } type Query { a: A b: B u: U e: E i: I j: J t(in: In): Turned g: Gone f: Float }'
const after = 'directive @d(a: Int, c: Int!) on FIELD enum Turned { X } interface I { a: Int } interface J { a: Int } type A implements J { a: Int! b(x: String, y: Int = 3, z: Int, w: W = { b: 2, a: 1 }, n: Int, m: Int!): String c: [Int] } type C { a: Int } union U = A | C enum E { ON MORE } input W { a: Int b: [Int] } input In { a: Int b: [Int!] turned: Int! needed: Int! more: Int = 1 } type Query { a: A c: C u: U e: E i: I j: J t(in: In!): Turned }'
const [earlier, later] = [before, after].map(t => buildASTSchema(parse(t)))
tellChange(before, { text: after, schemas: [earlier, later] })
tellChange(after, { text: before, schemas: [later, earlier] })

// Schemas to test with: one by hand that has everything, and random ones that are valid.

import { seeded } from './graphql-random.mjs'

export const zoo = `
"""
What the zoo tells.
"""
schema { query: Query mutation: Mutation subscription: Subscription }

directive @tag(name: String!, weight: Int = 1) repeatable on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | QUERY | MUTATION | SUBSCRIPTION | FRAGMENT_DEFINITION | VARIABLE_DEFINITION | OBJECT | FIELD_DEFINITION
directive @once(why: Reason) on FIELD | QUERY | VARIABLE_DEFINITION | FRAGMENT_DEFINITION
directive @onSchema on SCHEMA | SCALAR | OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INTERFACE | UNION | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION

"A moment." scalar Moment @specifiedBy(url: "https://example.org/moment")
scalar Anything
enum Reason { HUNGER "Or so." SLEEP PLAY @deprecated(reason: "They always play.") }
enum Size { SMALL LARGE }

interface Node { id: ID! }
interface Named { name(full: Boolean = false): String nick: String @deprecated }
interface Animal implements Node & Named { id: ID! name(full: Boolean = false): String nick: String size: Size born: Moment mother: Animal friends(first: Int = 3, of: [Reason!]): [Animal!] }

type Cat implements Animal & Node & Named {
  id: ID!
  name(full: Boolean = false, loud: Boolean): String
  nick: String
  size: Size
  born: Moment!
  mother: Cat
  friends(first: Int = 3, of: [Reason!]): [Animal!]
  meows(times: Int!): Int
  lives: Int!
  enemies: [Dog]!
  weight: Float
}
type Dog implements Animal & Node & Named {
  id: ID!
  name(full: Boolean = false): String!
  nick: String
  size: Size
  born: Moment
  mother: Dog
  friends(first: Int = 3, of: [Reason!]): [Animal!]
  barks(loud: Boolean! = true): Boolean
  tricks: [[String!]]
  lives: String
  weight: Int
}
type Keeper implements Named & Node { id: ID! name(full: Boolean = false): String nick: String cares: [Pet!]! boss: Keeper any: Anything }
type Stone { weight: Float! colour: String stones(filter: StoneFilter): [Stone] }
union Pet = Cat | Dog
union Thing = Cat | Stone | Keeper

input StoneFilter { colour: String weight: Range = { least: 0 } and: [StoneFilter!] not: StoneFilter reason: Reason = SLEEP }
input Range { least: Float! most: Float = 9.5 exact: [Int!] old: Int @deprecated }
input By @oneOf { id: ID name: String range: Range list: [Int!] }

type Query {
  animal(id: ID!): Animal
  cat(by: By!): Cat
  dog(by: By, size: Size! = SMALL): Dog
  pets(where: StoneFilter, ids: [ID!] = ["1", "2"], sizes: [[Size]]): [Pet]
  things(at: Moment, any: Anything, range: Range!): [Thing!]!
  node(id: ID!): Node
  named: [Named]
  keeper: Keeper
  stone(filter: StoneFilter! = { colour: "grey" }): Stone
  echo(int: Int, float: Float, text: String, yes: Boolean, id: ID, ids: [ID!], size: Size, reason: Reason = SLEEP, range: Range, filter: StoneFilter = { weight: { least: 2 } }, by: By, any: Anything, at: Moment, sizes: [[Size]], needed: Int! = 5, ranges: [Range!]): Anything
  number(int: Int, float: Float, text: String, yes: Boolean, id: ID, ints: [Int], needed: Int! = 5): Int
}
type Mutation { feed(id: ID!, what: [String!]! = ["hay"]): Animal move(by: By!, range: Range): Keeper next(by: Int! = 1): Count }
type Count { value: Int after: Int now: Count! }
type Subscription { fed(reason: Reason): Animal moved: Keeper ticks(every: Int!): Int }
`

/** A valid schema. Names come from small pools, so that documents for one are nearly right for another. */
export function randomSchema(seed) {
  const { random, one, chance, some, maybe } = seeded(seed)
  const describe = indent => maybe(1, 4, () => one(['"Words."', '"Two \\"words\\"."', `"""\n${indent}A block\n${indent}  of words.\n${indent}"""`, '"ä € \u{1F600}"', '""', '" blank around "', '"line\\nline"', '"""one"""', '"a very long description that goes on and on, far beyond what fits into a line of seventy"']) + '\n' + indent)
  const deprecated = () => maybe(1, 8, () => ` @deprecated${maybe(1, 2, () => `(reason: ${one(['"Old."', '"Say \\"no\\"."', '""', '"No longer supported"'])})`)}`)
  const scalars = ['Moment', 'Money', 'Json'].slice(0, random(4))
  const enums = some(i => `Enum${i}`, 1, 3)
  const enumValues = Object.fromEntries(enums.map(e => [e, ['RED', 'GREEN', 'BLUE', 'on', 'type', 'input'].slice(random(3), 3 + random(4))]))
  const inputs = some(i => `Input${i}`, 1, 4)
  const interfaces = some(i => `Face${i}`, 0, 4)
  const objects = some(i => `Object${i}`, 2, 6)
  const unions = some(i => `Union${i}`, 0, 3)
  const leaf = () => one(['Int', 'Float', 'String', 'Boolean', 'ID', ...scalars, ...enums])
  const wrap = (name, deep = 0) => (deep < 2 && chance(1, 4) ? `[${wrap(name, deep + 1)}]` : name) + maybe(1, 4, () => '!')
  const outputType = () => wrap(chance(1, 2) ? leaf() : one([...objects, ...interfaces, ...unions]))
  const oneOf = inputs.filter(() => chance(1, 4))
  const inputTypeOf = {}

  function literal(type, depth = 0) {
    if (type.endsWith('!')) return literal(type.slice(0, -1), depth)
    if (chance(1, 10) || depth > 4) return 'null'
    if (type.startsWith('[')) {
      const item = type.slice(1, -1)
      const values = some(() => literal(item, depth + 1), 0, 3).filter(v => v !== undefined && (v !== 'null' || !item.endsWith('!')))
      // One item may stand for its list, but a list for a list of lists would be read otherwise.
      return chance(1, 4) && values.length === 1 && values[0] !== 'null' && !item.startsWith('[') ? values[0] : `[${values.join(', ')}]`
    }
    if (enumValues[type]) return one(enumValues[type])
    switch (type) {
      case 'Int': return one(['0', '7', '-3', '2147483647'])
      case 'Float': return one(['1.5', '2', '1.0', '1e10', '-0.25', '1e21', '1.5e-7', '123456789.125'])
      case 'Boolean': return one(['true', 'false'])
      case 'ID': return one(['"a"', '5', '"5"', '"05"', '-0'])
      case 'String': return one(['"text"', '"say \\"no\\""', '""', '"""block"""', '"ä\\n"'])
    }
    if (inputTypeOf[type]) {
      if (oneOf.includes(type)) {
        const [name, t] = one(Object.entries(inputTypeOf[type]))
        const value = literal(t, depth + 1)
        return value === undefined || value === 'null' ? undefined : `{ ${name}: ${value} }`
      }
      const parts = Object.entries(inputTypeOf[type]).filter(([, t]) => t.endsWith('!') || chance(1, 3)).map(([name, t]) => [name, literal(t, depth + 1), t])
      return parts.every(([, v, t]) => v !== undefined && (v !== 'null' || !t.endsWith('!'))) ? `{ ${parts.map(([name, v]) => `${name}: ${v}`).join(', ')} }` : undefined
    }
    return scalars.includes(type) ? one(['5', '"s"', 'true', '1.5']) : undefined
  }
  const defaultOf = type => {
    const value = chance(1, 3) ? literal(type) : undefined
    return value === undefined || (value === 'null' && type.endsWith('!')) ? '' : ` = ${value}`
  }
  // Input objects name only earlier ones where they need them, so that none needs itself.
  const inputTexts = inputs.map((name, i) => {
    inputTypeOf[name] = {}
    const lines = []
    for (const field of ['a', 'b', 'c', 'id'].slice(0, 1 + random(4))) {
      const earlier = inputs.slice(0, i)
      let type = chance(1, 3) && earlier.length ? wrap(one(earlier)) : chance(1, 6) ? `[${one(inputs.slice(0, i + 1))}]` : wrap(leaf())
      if (oneOf.includes(name)) type = type.replace(/!$/, '')
      const standard = oneOf.includes(name) || type.includes(name) ? '' : defaultOf(type)
      inputTypeOf[name][field] = type
      lines.push(`  ${describe('  ')}${field}: ${type}${standard}${type.endsWith('!') && !standard ? '' : deprecated()}`)
    }
    return `${describe('')}input ${name}${oneOf.includes(name) ? ' @oneOf' : ''} {\n${lines.join('\n')}\n}`
  })
  const argument = name => {
    const type = wrap(chance(1, 3) ? one(inputs) : leaf())
    const standard = defaultOf(type)
    return `${describe('    ')}${name}: ${type}${standard}${type.endsWith('!') && !standard ? '' : deprecated()}`
  }
  const args = () => maybe(1, 3, () => `(${['x', 'y', 'id', 'first'].slice(random(2), 2 + random(3)).map(argument).join(', ')})`)
  const field = name => ({ name, text: `${args()}: ${outputType()}`, rest: deprecated() })
  const fieldTexts = fields => fields.map(f => `  ${describe('  ')}${f.name}${f.text}${f.rest}`).join('\n')
  const faces = {}
  const implement = () => {
    const chosen = new Set(interfaces.filter(i => faces[i] && chance(1, 3)))
    for (const name of [...chosen]) for (const further of faces[name].all) chosen.add(further)
    const fields = new Map()
    for (const name of chosen) for (const f of faces[name].fields) if (!fields.has(f.name)) fields.set(f.name, f)
    // Two interfaces with one field of different types cannot be implemented together.
    const fits = [...chosen].every(name => faces[name].fields.every(f => fields.get(f.name).text === f.text))
    return fits ? { all: [...chosen], fields: [...fields.values()].map(f => ({ ...f, rest: deprecated() })) } : { all: [], fields: [] }
  }
  const names = ['id', 'name', 'a', 'b', 'c', 'self', 'list', 'other']
  const withFields = (keyword, name) => {
    const { all, fields } = implement()
    for (const n of names.slice(random(4), 4 + random(5))) if (!fields.some(f => f.name === n)) fields.push(field(n))
    if (fields.length === 0) fields.push(field('id'))
    if (keyword === 'interface') faces[name] = { all, fields }
    return `${describe('')}${keyword} ${name}${all.length ? ` implements ${all.join(' & ')}` : ''} {\n${fieldTexts(fields)}\n}`
  }
  const parts = [
    ...scalars.map(s => `${describe('')}scalar ${s}${maybe(1, 3, () => ' @specifiedBy(url: "https://example.org/s")')}`),
    ...enums.map(e => `${describe('')}enum ${e} {\n${enumValues[e].map(v => `  ${describe('  ')}${v}${deprecated()}`).join('\n')}\n}`),
    ...inputTexts,
    ...interfaces.map(name => withFields('interface', name)),
    ...objects.map(name => withFields('type', name)),
    ...unions.map(name => `${describe('')}union ${name} = ${[...new Set(some(() => one(objects), 1, 3))].join(' | ')}`),
    ...some(i => `${describe('')}directive @dir${i}${args()}${maybe(1, 3, () => ' repeatable')} on ${one(['FIELD', 'FIELD | QUERY | OBJECT', 'FRAGMENT_SPREAD | INLINE_FRAGMENT | VARIABLE_DEFINITION', 'INPUT_FIELD_DEFINITION | ENUM_VALUE'])}`, 0, 3),
  ]
  const renamed = chance(1, 4)
  parts.push(withFields('type', renamed ? 'Root' : 'Query'))
  if (chance(1, 2)) parts.push(withFields('type', 'Mutation'))
  if (chance(1, 2)) parts.push(withFields('type', 'Subscription'))
  if (renamed) parts.push(`${describe('')}schema { query: Root${parts.some(p => p.includes('type Mutation')) ? ' mutation: Mutation' : ''} }`)
  for (let i = parts.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [parts[i], parts[j]] = [parts[j], parts[i]]
  }
  return parts.join('\n\n')
}

// Makes texts out of every production of the language, executable and schema, with odd tokens and spoiled in one place or two, and says what graphql-js, the reference implementation, makes of each.
// Arguments: how many, seed. Output: a line of JSON for each: {units, printed, again} when it is a document, else {units, line, column}; units are the text in UTF-16.

import { parse, print } from 'graphql'

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
const some = (make, least, most) => Array.from({ length: least + random(most - least + 1) }, make)
const maybe = (n, of, make) => (chance(n, of) ? make() : '')

const name = () => one(['a', 'b', '_x', 'Lead', 'on', 'type', 'query', 'fragment', 'input', 'schema', 'extend', 'true', 'false', 'null', 'repeatable', 'implements', '__schema', 'someLongerNameThatFillsALine', 'x1'])
const piece = () => one(['a', 'word', ' ', '  ', '\t', 'ä', '€', '\u{1F600}', '\u0000', '\u007f', '\u0085', '\\n', '\\"', '\\\\', '\\/', '\\b', '\\f', '\\r', '\\t', '\\u00e4', '\\u{1F600}', '\\u{61}', '\\ud83d\\ude00', '#', ',', 'a text of some length that fills the line'])
const blockPiece = () => one(['a', 'word', ' ', '  ', '\t', '\n', '\n', '\n  ', '\r\n', '\r', '"', '""', '\\"""', '\\', 'ä', '\u{1F600}', '\n\n', '\n    deep', 'a text of some length that fills the line'])
const text = () => `"${some(piece, 0, 4).join('')}"`
const block = () => `"""${some(blockPiece, 0, 6).join('')}${one(['', '\n', ' ', 'x'])}"""`
const description = () => maybe(1, 4, () => one([text, block])() + '\n')
const number = () => one(['0', '-0', '7', '-12', '1.5', '0.0', '1e10', '1E+3', '-1.25e-7', '123456789012345678901234567890'])

function value(constant, depth = 0) {
  const kind = random(depth > 3 ? 6 : 9)
  if (kind === 0 && !constant) return `$${name()}`
  return [number, number, text, block, name, () => one(['true', 'false', 'null']), () => `[${some(() => value(constant, depth + 1), 0, 3).join(one([' ', ', ', ',,']))}]`,
    () => `{${some(() => `${name()}: ${value(constant, depth + 1)}`, 0, 3).join(' ')}}`, name][kind]()
}
const args = constant => `(${some(() => `${name()}: ${value(constant)}`, 1, 4).join(one([' ', ', ']))})`
const directives = constant => some(() => ` @${name()}${maybe(1, 2, () => args(constant))}`, 0, chance(1, 3) ? 3 : 0).join('')
const type = (depth = 0) => `${depth < 4 && chance(1, 3) ? `[${type(depth + 1)}]` : name()}${maybe(1, 3, () => '!')}`
const standard = () => maybe(1, 3, () => ` = ${value(true)}`)
const selections = depth => `{ ${some(() => selection(depth), 1, 4).join(one([' ', '\n', ', ', ' # a remark ä\n']))} }`
function selection(depth) {
  const below = () => selections(depth + 1)
  if (chance(1, 6)) return `...${one(['F', 'G', 'onto'])}${directives(false)}`
  if (chance(1, 6) && depth < 5) return `...${maybe(1, 2, () => ` on ${name()}`)}${directives(false)} ${below()}`
  return `${maybe(1, 4, () => `${name()}: `)}${name()}${maybe(1, 3, () => args(false))}${directives(false)}${depth < 5 && chance(1, 3) ? ' ' + below() : ''}`
}
const variable = () => `${description()}$${name()}: ${type()}${standard()}${directives(true)}`
const inputs = () => some(() => `${description()}${name()}: ${type()}${standard()}${directives(true)}`, 1, 3).join(one([' ', '\n']))
const fields = () => `{ ${some(() => `${description()}${name()}${maybe(1, 3, () => `(${inputs()})`)}: ${type()}${directives(true)}`, 1, 3).join('\n')} }`
const roots = () => `{ ${some(() => `${one(['query', 'mutation', 'subscription'])}: ${name()}`, 1, 3).join(' ')} }`
const list = between => `${maybe(1, 4, () => between + ' ')}${some(name, 1, 3).join(` ${between} `)}`

const schemaParts = [
  () => `schema${directives(true)} ${maybe(4, 5, roots)}`,
  () => `scalar ${name()}${directives(true)}`,
  () => `${one(['type', 'interface'])} ${name()} ${maybe(1, 3, () => `implements ${list('&')}`)}${directives(true)} ${maybe(5, 6, fields)}`,
  () => `union ${name()}${directives(true)} ${maybe(5, 6, () => `= ${list('|')}`)}`,
  () => `enum ${name()}${directives(true)} ${maybe(5, 6, () => `{ ${some(() => description() + one(['RED', 'green', 'on', 'type', name()]) + directives(true), 1, 3).join(' ')} }`)}`,
  () => `input ${name()}${directives(true)} ${maybe(5, 6, () => `{ ${inputs()} }`)}`,
]
const definitions = [
  () => selections(0),
  () => `${description()}${one(['query', 'mutation', 'subscription'])} ${maybe(1, 2, name)}${maybe(1, 3, () => `(${some(variable, 1, 3).join(', ')})`)}${directives(false)} ${selections(0)}`,
  () => `${description()}fragment ${one(['F', 'G', 'onto'])} on ${name()}${directives(false)} ${selections(0)}`,
  () => `${description()}${one(schemaParts)()}`,
  () => `extend ${one(schemaParts)()}`,
  () => `${description()}directive @${name()}${maybe(1, 2, () => `(${inputs()})`)} ${maybe(1, 3, () => 'repeatable ')}on ${maybe(1, 4, () => '| ')}${some(() => one(['FIELD', 'QUERY', 'INPUT_OBJECT', 'VARIABLE_DEFINITION']), 1, 3).join(' | ')}`,
]

const rubbish = ['{', '}', '(', ')', '$', '@', '!', '"', '"""', '...', '..', '&', '%', '?', '#', ':', '\n', '\r\n', '[', ']', '|', '=', ' ', '\u0000', '\ufeff', '\u00a0', 'ä', '\u{1F600}', '\ud83d', '\ude00', '\\', '\\u12', '"\\u{110000}"', '"\\u{}"', '"\\u{000000061}"', '"\\ud83d"',
  '"\\ude00"', '"\\ud83d\\u0061"', '"\\x"', '"\\u00g1"', '"\ud83d"', '00', '01', '-', '1.', '1.e3', '.5', '1e', '0x1', '1_0', '1a', '1.2.3', '-a', '+1', 'name', '"text"', '"open', '"""open', '#\ud83d', "'x'", '\u2028', '{}', '()', '[]', 'on', 'extend', 'null', 'true']
const spoilers = [
  t => t.slice(0, random(t.length + 1)),
  t => { const i = random(t.length + 1); return t.slice(0, i) + one(rubbish) + t.slice(i) },
  t => { const i = random(t.length + 1); return t.slice(0, i) + ` ${one(rubbish)} ` + t.slice(i) },
  t => { const i = random(t.length + 1); return t.slice(0, i) + t.slice(i + 1 + random(3)) },
  t => { const i = random(t.length + 1), j = random(t.length + 1); return t.slice(0, i) + t.slice(j, j + random(10)) + t.slice(i) },
]

for (let i = 0; i < count; i++) {
  let source = maybe(1, 20, () => '\ufeff') + some(() => one(definitions)(), 1, 3).join(one(['\n', ' ', '\r\n', '\n# ende \u{1F600}\n']))
  for (let n = i % 3; n > 0; n--) source = one(spoilers)(source)
  let said
  try {
    const printed = print(parse(source))
    said = { printed }
    try {
      said.again = print(parse(printed))
    } catch {
      // Some blocks are printed so that even the reference cannot read them again.
    }
  } catch (error) {
    said = error.locations?.[0] ?? { thrown: String(error) }
  }
  // Halves of surrogate pairs go through UTF-8 as their numbers.
  console.log(JSON.stringify({ units: Array.from({ length: source.length }, (_, at) => source.charCodeAt(at)), ...said }))
}

// Documents for the schema that has everything, each with its variables: arguments and variables in every form, conditions, fragments, serial mutations.

const echo = args => `{ echo(${args}) }`

export const executionCases = [
  [echo('int: 5, float: 1, text: "x", yes: true, id: 5, ids: "one", size: SMALL')], [echo('float: 1e3, id: "5", ids: [1, "x"], sizes: SMALL, ranges: { least: 1 }')], [echo('sizes: [SMALL, null, [LARGE, null]], ranges: []')],
  [echo('range: { least: 1 }, filter: { colour: "x" }, by: { id: 7 }')], [echo('filter: { weight: { least: 1, most: null, exact: 5 }, and: { not: { reason: PLAY } } }, reason: null')], [echo('any: { a: [1, 2.5, "x", true, null, WORD], b: { c: "d" } }, at: 5')],
  [echo('needed: 7, filter: null, range: null')], ['{ a: echo b: echo(reason: HUNGER) c: echo(by: { list: 1 }) d: echo(by: { range: { least: 0 } }) }'],
  ...[undefined, null, 5, 5.0, 1e3, '5', 1.5, 3e9, true, [5], {}].map(v => ['query ($v: Int) { echo(int: $v) other: pets { __typename } }', v === undefined ? {} : { v }]),
  ...[undefined, null, 1.5, 5, '5', 1e300, [1]].map(v => ['query ($v: Float = 2.5) { echo(float: $v, ids: []) }', v === undefined ? {} : { v }]),
  ...[undefined, null, 'x', 5, 5.5, 5.0, 12345678901234, true, [], ['a']].map(v => ['query ($v: ID) { echo(id: $v) }', v === undefined ? {} : { v }]),
  ...[undefined, null, 'x', ['x', 5], [null], [['x']], []].map(v => ['query ($v: [ID!]) { echo(ids: $v) pets(ids: $v) { __typename } }', v === undefined ? {} : { v }]),
  ...[undefined, null, 'SMALL', 'NOPE', 5, ['SMALL'], [['SMALL', null], null], { a: 1 }].map(v => ['query ($v: [[Size]]) { echo(sizes: $v) }', v === undefined ? {} : { v }]),
  ...[undefined, null, {}, { least: 1 }, { least: 1, most: null }, { least: null }, { least: 1, nope: 2 }, { least: '1' }, { least: 1, exact: 5 }, { least: 1, exact: [5, null] }, [{ least: 1 }], 'x'].map(v => ['query ($v: Range) { echo(range: $v) }', v === undefined ? {} : { v }]),
  ...[undefined, null, {}, { id: 5 }, { id: null }, { id: 5, name: 'x' }, { id: 5, name: null }, { nope: 1 }, { range: {} }, { list: 5 }, { list: [1, null] }].map(v => ['query ($v: By) { echo(by: $v) }', v === undefined ? {} : { v }]),
  ...[undefined, null, {}, { colour: 'x' }, { weight: { least: 5 } }, { and: [{ not: {} }] }, { and: {} }, { reason: null }].map(v => ['query ($v: StoneFilter = { colour: "d" }) { echo(filter: $v) }', v === undefined ? {} : { v }]),
  ...[undefined, null, 5].map(v => ['query ($v: Int = 3) { echo(needed: $v) keeper { id } number(needed: $v) }', v === undefined ? {} : { v }]),
  ...[undefined, null, 5].map(v => ['query ($v: Int) { a: echo(needed: $v) b: number(needed: $v) keeper { id } }', v === undefined ? {} : { v }]),
  ...[undefined, null, 5, 'x', { a: 1 }].map(v => ['query ($v: Anything) { echo(any: $v) b: echo(any: { v: $v, list: [$v, 1] }) }', v === undefined ? {} : { v }]),
  ...[undefined, null, 5].map(v => ['query ($v: Int, $w: Float!) { echo(range: { least: $w, exact: [1, 2], old: $v }, filter: { weight: { least: 1, old: $v } }) }', { w: 1, ...v === undefined ? {} : { v } }]),
  ...[undefined, null, 'x'].map(v => ['query ($v: ID = "d") { echo(by: { id: "x" }, id: $v, ids: ["a"]) }', v === undefined ? {} : { v }]),
  ...[true, false].flatMap(a => [true, false].map(b => ['query ($a: Boolean!, $b: Boolean = true) { keeper @include(if: $a) { id name @skip(if: $b) ... @include(if: $b) { nick } ...F @skip(if: $a) } stone @skip(if: $a) @include(if: $b) { weight } __typename } fragment F on Keeper { boss { id } }'.replace(/\$b: Boolean = true/, '$b: Boolean! = true'), { a, b }])),
  ['{ pets { __typename ... on Cat { id lives mother { ... on Animal { friends { __typename id } } } } ... on Dog { alias: nick tricks } ... on Named { called: name } } things(range: { least: 1 }) { ... on Stone { weight } ... on Node { id } ...K } } fragment K on Keeper { cares { ... on Animal { id } ...P } } fragment P on Pet { ... on Cat { lives } ...Q } fragment Q on Pet { t: __typename }'],
  ['{ a: keeper { boss { boss { id name } } } a: keeper { boss { name boss { nick } } id } __typename t: __typename }'],
  ['{ __typename __type(name: "Cat") { name kind interfaces { name } } missing: __type(name: "Missing") { name } keeper { __typename } }'],
  ['query A { keeper { id } } query B { stone { weight } }'],
  ['mutation { a: next { value after now { value } } b: next(by: 5) { now { after value } after value } c: next(by: -1) { value } a: next { after } }'],
  ['mutation ($n: Int = 2) { a: next(by: $n) { value } b: next(by: $n) { value after } }', { n: null }], ['mutation ($n: Int = 2) { a: next(by: $n) { value } b: next { value after } }', {}],
  ['subscription { ticks(every: 5) }'], ['subscription ($n: Int!) { ticks(every: $n) }', { n: 'x' }], ['subscription ($n: Int!) { ticks(every: $n) }', { n: 5 }], ['subscription { fed { id name } }'], ['subscription ($r: Reason) { x: fed(reason: $r) { __typename friends { id } } }', { r: 'NOPE' }],
  ['subscription ($n: Int = 5) { ticks(every: $n) }', { n: null }], ['subscription ($n: Int = 5) { ticks(every: $n) }', {}],
]

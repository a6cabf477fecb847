// Documents for the schema that has everything, by hand: the corners of each rule.

export const validationCases = [
  // UniqueOperationNames, LoneAnonymousOperation, KnownOperationTypes
  'query A { __typename } mutation A { feed(id: 1) { id } } query A { __typename }',
  '{ __typename } query A { __typename }',
  '{ __typename } { __typename }',
  // SingleFieldSubscriptions
  'subscription { fed { id } moved { id } }',
  'subscription A { fed { id } fed { size } }',
  'subscription { a: fed { id } b: fed { id } ... { moved { id } ...F } } fragment F on Subscription { c: fed { id } ...F }',
  'subscription { __typename }',
  'subscription { x: __typename x: __typename fed { id } }',
  'subscription { ...F } fragment F on Subscription { __typename }',
  // KnownTypeNames, FragmentsOnCompositeTypes, VariablesAreInputTypes
  'query ($a: Nope, $b: [Nope!]!, $c: Cat, $d: [Pet], $e: Int) { number(int: $e) ... on Nope { id } ...F ... on Int { x } ... on StoneFilter { x } } fragment F on Reason { y }',
  // ScalarLeafs, FieldsOnCorrectType
  '{ pets keeper { id { x } name { y } } number { a } pets { id ... on Cat { meow meows(times: 1) } __typename } things(range: { least: 1 }) { weight } }',
  '{ pets { ... on Cat { enemies } } keeper { cares __schema { types } } }',
  '{ __schema { types { name } } __type(name: "x") { nope kind { x } } keeper { __type(name: "x") { name } } }',
  // Fragments
  '{ ...A ...Missing ...A } fragment A on Query { ...B } fragment B on Query { keeper { ...C } } fragment C on Keeper { boss { ...C } ...A } fragment Unused on Query { ...UnusedToo } fragment UnusedToo on Query { __typename } fragment A on Query { __typename }',
  '{ pets { ...OnStone ... on Stone { weight } ...OnNamed ... on Node { id } ... on Thing { __typename } ... on Keeper { id } } } fragment OnStone on Stone { weight } fragment OnNamed on Named { name ... on Stone { weight } ... on Pet { __typename } }',
  '{ ...A } fragment A on Query { ...A ...B } fragment B on Query { ...C ...A } fragment C on Query { ...B ...C }',
  '{ ...A } fragment A on Query { keeper { ...K } ...B stone { ...S } } fragment B on Query { keeper { ...K } } fragment K on Keeper { boss { ...K } } fragment S on Stone { stones { ...S ...T } } fragment T on Stone { stones { ...S } }',
  // Variables
  'query A($a: Int, $a: String, $b: Int, $a: ID) { number(int: $a) } query B { number(int: $b) ...F } query C($f: Float) { ...F } fragment F on Query { n: number(float: $f) m: number(int: $f) }',
  'query ($a: Int = $b) { number }'.replace('= $b', '= 1'),
  'query ($a: Int @tag(name: "x") @nope, $b: Int @once @once(why: SLEEP)) { number(int: $a) }',
  'query ($i: Int, $n: Int!, $d: Int = 1, $z: Int = null, $f: Float, $l: [Int], $m: [Int!], $s: Size, $t: [String!]) { a: number(needed: $i) b: number(needed: $n) c: number(needed: $d) d: number(needed: $z) e: number(float: $i) f: number(ints: $i) g: number(ints: $l) h: number(ints: $m) i: dog(size: $s) { id } j: number(ints: [$i, $f]) k: cat(by: { list: $l }) { meows(times: $i) } l: cat(by: { list: [$n, $i] }) { meows(times: $d) } }',
  'query ($a: ID, $b: ID!, $c: ID = "x", $r: Range!, $by: By) { a: cat(by: { id: $a }) { id } b: cat(by: { id: $b }) { id } c: dog(by: { id: $a }) { id } d: dog(by: { id: $c }) { id } e: dog(by: { range: $r }) { id } f: cat(by: $by) { id } g: dog(by: $by) { id } h: dog(by: { id: $b, name: "x" }) { id } }',
  'query ($any: Anything, $int: Int) { things(any: $any, range: { least: 1 }) { __typename } b: things(any: { deep: [$int, { x: $nope }] }, range: { least: $int }) { __typename } }',
  'query ($v: Boolean) { keeper @include(if: $v) { id } a: keeper @skip(if: $w) { id } }',
  // Directives
  'query A @tag(name: "a") @tag(name: "b") @once @once @nope @skip(if: true) { keeper @tag @tag(nope: 1, name: 2, name: "x") @include @include(if: "x") @skip(if: true, if: false) { id @onSchema @deprecated ... @once { id } ...F @once(why: NOPE) } } fragment F on Keeper @once(why: PLAY) @include(if: true) { id }',
  '{ keeper { ... @unknown(first: 1, id: 2) { id } id @unknown(name: [1]) } animal(id: 1) @unknown(id: { a: 1 }) { friends(first: 1) @unknown(first: "x", of: [NOPE]) { id } } }',
  // Arguments
  '{ animal { id } a: animal(id: 1, id: 2, id: 3) { id } b: animal(nope: 1) { friends(first: 1, first: 2, other: 3) { id } } cat { meows } number(needed: null) dog(size: null) { barks(loud: null) } things { __typename } }',
  // Values
  '{ a: number(int: 1.0) b: number(int: 2147483648) c: number(int: -2147483648) d: number(int: "1") e: number(int: true) f: number(int: [1]) g: number(int: {}) h: number(int: X) i: number(int: null) j: number(int: -0) }',
  '{ a: number(float: 1) b: number(float: 1e400) c: number(float: "1") d: number(text: 1) e: number(text: """x""") f: number(text: TEXT) g: number(yes: 1) h: number(yes: "true") i: number(id: 1.5) j: number(id: true) k: number(id: 99999999999999999999) l: number(id: "") m: number(id: WORD) }',
  '{ a: number(ints: 1) b: number(ints: "x") c: number(ints: [1, "x", null, [1], {}]) d: pets(ids: null) { __typename } e: pets(ids: [null, 1.5]) { __typename } f: pets(sizes: [[SMALL], SMALL, [NOPE], [[SMALL]], null]) { __typename } g: pets(sizes: SMALL) { __typename } h: pets(sizes: [SMALL, { a: 1 }]) { __typename } }',
  '{ a: stone(filter: { colour: 1, nope: 2, weight: { most: 1, nope: { a: [$x] } }, and: { colour: 2 }, not: [{}], reason: "SLEEP" }) { weight } b: stone(filter: null) { weight } c: stone(filter: [{}]) { weight } d: stone(filter: 5) { weight } e: stone(filter: { and: [{ and: [{ not: { weight: {} } }] }, null, 1] }) { weight } f: stone(filter: { colour: "a", colour: "b", weight: { least: 1, least: 2 } }) { weight } }',
  '{ a: cat(by: {}) { id } b: cat(by: { id: 1, name: "x" }) { id } c: cat(by: { id: null }) { id } d: cat(by: { id: 1, id: 2 }) { id } e: cat(by: { nope: 1 }) { id } f: cat(by: { range: {} }) { id } g: cat(by: { list: [null] }) { id } h: cat(by: null) { id } i: cat(by: { id: 1, nope: null }) { id } }',
  'query ($a: Int = "x", $b: StoneFilter = { nope: 1 }, $c: Int! = null, $d: [Int!] = [null, 1, "x"], $e: Cat = 5, $f: Nope = { a: 1, a: 2 }, $g: By = { id: 1, name: "x" }) { number(int: $a, ints: $d) }',
  '{ a: things(any: { a: [X, { b: "x", b: 1 }] }, range: { least: 0 }) { __typename } b: things(at: [1], range: { least: 0 }) { __typename } }',
  // OverlappingFieldsCanBeMerged
  '{ x: number(int: 1) x: number(int: 2) x: number(int: 1) x: keeper { id } }',
  '{ keeper { id } keeper { id: name } keeper { boss { id } } keeper { boss { id: nick name: id } name } }',
  '{ pets { ... on Cat { x: lives } ... on Dog { x: lives } } }',
  '{ pets { ... on Cat { x: id weight } ... on Dog { x: nick weight } ... on Cat { x: nick } } }',
  '{ pets { ... on Cat { w: enemies { id } } ... on Dog { w: friends { id } } } }',
  '{ pets { ... on Cat { w: mother { x: id } } ... on Dog { w: mother { x: nick } } ... on Named { w: name } } }',
  '{ ...A ...B } fragment A on Query { x: number(int: 1) ...C } fragment B on Query { x: number(int: 2) ...C } fragment C on Query { x: keeper { id } keeper { ...K ...L } } fragment K on Keeper { y: name ...L } fragment L on Keeper { y: nick boss { ...K y: id } }',
  '{ ...A } fragment A on Query { ...A x: number x: number(int: 1) ... { x: keeper { id } ...B } } fragment B on Query { ...A x: stone { weight } }',
  '{ a: number(ints: [1, 2], text: "x") a: number(text: "x", ints: [1, 2]) b: stone(filter: { colour: "a", reason: PLAY }) { weight } b: stone(filter: { reason: PLAY, colour: "a" }) { weight } c: number(text: "x") c: number(text: """x""") d: number(int: 1) d: number(int: 1, int: 1) e: number(float: 1) e: number(float: 1.0) }',
  'query ($a: Int, $b: Int) { x: number(int: $a) x: number(int: $b) y: number(int: $a) y: number(int: $a) }',
  '{ keeper { ...F @include(if: true) ... @skip(if: true) { name: id } name } } fragment F on Keeper { name: nick }',
  '{ named { ... on Cat { name(loud: true) } ... on Dog { name } ... on Keeper { name(full: true) } name } }',
  `{ keeper { ${Array.from({ length: 30 }, (_, i) => `boss { x${i}: id }`).join(' ')} } keeper { ${Array.from({ length: 30 }, (_, i) => `boss { x${i}: nick }`).join(' ')} } }`,
  '{ unknown { a: b a: c } stone { weight nope { x: y x: z } } }',
  // Introspection and the schema language
  '{ __type(name: 5) { fields(includeDeprecated: "x") { name } } __schema(a: 1) { directives { args { name } } } }',
  'type A { a(b: Nope = { c: 1, c: 2 } @nope): Nope @deprecated(reason: 5) } extend schema @onSchema @onSchema { query: Nope } { __typename }',
  'extend input StoneFilter @onSchema { more: Int @deprecated @deprecated } extend enum Reason { MORE @tag(name: 1) } extend union Pet = Nope extend scalar Moment @specifiedBy extend interface Node implements Nope { x(a: Nope): Nope }',
]

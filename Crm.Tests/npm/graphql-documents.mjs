// Documents for a schema: correct ones, and ones that are spoiled in the syntax tree, so that they still parse.

import { getNamedType, isAbstractType, isCompositeType, isEnumType, isInputObjectType, isInputType, isLeafType, isListType, isNonNullType, isRequiredArgument, isRequiredInputField, Kind, parse, parseValue, parseType, print, visit } from 'graphql'
import { seeded } from './graphql-random.mjs'

export function documentMaker(schema, seed) {
  const { random, one, chance, some, maybe } = seeded(seed)
  const abstracts = Object.values(schema.getTypeMap()).filter(isAbstractType)
  const directivesAt = place => schema.getDirectives().filter(d => d.locations.includes(place) && !['skip', 'include', 'deprecated', 'oneOf', 'specifiedBy'].includes(d.name))

  /** @param options.depth How deep selections go. @param options.operations How many at most. */
  function correct({ depth: deepest = 4, operations: most = 3, subscriptions = true, directives = true } = {}) {
    const fragments = new Map()
    let variables
    let budget = 40

    function value(type, depth = 0) {
      if (isInputType(type) && chance(1, 6)) {
        const name = `v${variables.size}`
        variables.set(name, type)
        return `$${name}`
      }
      return constant(type, depth)
    }
    function constant(type, depth) {
      if (isNonNullType(type)) return constant(type.ofType, depth)
      if (isListType(type)) return chance(1, 4) && !isListType(type.ofType) ? constant(type.ofType, depth) : `[${some(() => constant(type.ofType, depth + 1), 0, depth > 3 ? 0 : 2).join(', ')}]`
      if (isEnumType(type)) return one(type.getValues()).name
      if (isInputObjectType(type)) {
        const all = Object.values(type.getFields())
        if (type.isOneOf) {
          const leaves = all.filter(f => isLeafType(getNamedType(f.type)))
          if (leaves.length === 0 && depth > 3) return 'null'
          const f = one(leaves.length ? leaves : all)
          return `{ ${f.name}: ${constant(f.type, depth + 1)} }`
        }
        return `{ ${all.filter(f => isRequiredInputField(f) || (depth < 3 && chance(1, 4))).map(f => `${f.name}: ${depth < 2 && chance(1, 6) ? value(f.type, depth + 1) : constant(f.type, depth + 1)}`).join(', ')} }`
      }
      switch (type.name) {
        case 'Int': return one(['0', '7', '-3'])
        case 'Float': return one(['1.5', '2', '-0.25e3'])
        case 'Boolean': return one(['true', 'false'])
        case 'ID': return one(['"a"', '5'])
        case 'String': return one(['"text"', '"""block"""', '""'])
        default: return one(['"s"', '5', 'true', '1.5', '{ a: 1 }', '[1, "x"]', 'WORD'])
      }
    }
    function directive(place) {
      if (!directives || !chance(1, 10)) return ''
      const known = directivesAt(place)
      if (['FIELD', 'FRAGMENT_SPREAD', 'INLINE_FRAGMENT'].includes(place) && (known.length === 0 || chance(1, 2))) return one([' @include(if: true)', ' @skip(if: false)', ` @include(if: ${value(schema.getDirective('include').args[0].type)})`])
      if (known.length === 0) return ''
      const d = one(known)
      const args = d.args.filter(a => isRequiredArgument(a) || chance(1, 3))
      const constantPlace = place === 'VARIABLE_DEFINITION'
      return ` @${d.name}${args.length ? `(${args.map(a => `${a.name}: ${constantPlace ? constant(a.type, 2) : value(a.type)}`).join(', ')})` : ''}`
    }
    function selections(type, depth) {
      const fields = type.getFields ? Object.values(type.getFields()) : []
      const chosen = []
      for (let n = 1 + random(4); n > 0 && budget > 0; n--) {
        budget--
        if (chance(1, 12) || fields.length === 0 && !chance(1, 2)) { chosen.push(`${maybe(1, 4, () => 't: ')}__typename`); continue }
        const meets = [type, ...abstracts.filter(a => schema.getPossibleTypes(a).some(p => p === type || isAbstractType(type) && schema.isSubType(type, p))), ...isAbstractType(type) ? schema.getPossibleTypes(type) : []]
        if ((chance(1, 7) || fields.length === 0) && depth < deepest) {
          const on = one(meets)
          chosen.push(`...${maybe(3, 4, () => ` on ${on.name}`) || ''}${directive('INLINE_FRAGMENT')} { ${selections(chance(3, 4) ? on : on, depth + 1)} }`)
          continue
        }
        if (chance(1, 8) && depth < deepest) {
          const known = [...fragments].filter(([, f]) => f.done && meets.includes(f.on))
          if (known.length && chance(1, 2)) { chosen.push(`...${one(known)[0]}${directive('FRAGMENT_SPREAD')}`); continue }
          const [name, on] = [`F${fragments.size}`, one(meets)]
          fragments.set(name, { on })
          fragments.set(name, { on, done: true, text: `fragment ${name} on ${on.name}${directive('FRAGMENT_DEFINITION')} { ${selections(on, depth + 1)} }` })
          chosen.push(`...${name}${directive('FRAGMENT_SPREAD')}`)
          continue
        }
        if (fields.length === 0) { chosen.push('__typename'); continue }
        const leaves = fields.filter(f => isLeafType(getNamedType(f.type)))
        const field = depth >= deepest && leaves.length > 0 ? one(leaves) : one(fields)
        const args = field.args.filter(a => isRequiredArgument(a) || chance(1, 3))
        // An alias for each way of asking, so that two never meet in one name.
        const written = args.length ? `(${args.map(a => `${a.name}: ${value(a.type)}`).join(', ')})` : ''
        const alias = written || chance(1, 8) ? `${field.name}${chosen.length}${depth}${budget}: ` : ''
        if (!isCompositeType(getNamedType(field.type))) chosen.push(`${alias}${field.name}${written}${directive('FIELD')}`)
        else if (depth < deepest + 2) chosen.push(`${alias}${field.name}${written}${directive('FIELD')} { ${selections(getNamedType(field.type), depth + 1)} }`)
      }
      return chosen.length ? chosen.join(' ') : '__typename'
    }
    function operation(name) {
      variables = new Map()
      const kinds = ['query', 'query', ...schema.getMutationType() ? ['mutation'] : [], ...subscriptions && schema.getSubscriptionType() ? ['subscription'] : []]
      const kind = one(kinds)
      const root = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() }[kind]
      let body
      if (kind === 'subscription') {
        const field = one(Object.values(root.getFields()))
        const args = field.args.filter(a => isRequiredArgument(a) || chance(1, 3))
        body = `${field.name}${args.length ? `(${args.map(a => `${a.name}: ${value(a.type)}`).join(', ')})` : ''}${isCompositeType(getNamedType(field.type)) ? ` { ${selections(getNamedType(field.type), 1)} }` : ''}`
      } else body = selections(root, 0)
      const declared = [...variables].map(([n, type]) => `$${n}: ${type}${!isNonNullType(type) && chance(1, 5) ? ` = ${constant(type, 2)}` : ''}${directive('VARIABLE_DEFINITION')}`)
      return { variables, text: `${kind} ${name}${declared.length ? `(${declared.join(', ')})` : ''}${directive(kind.toUpperCase())} { ${body} }` }
    }
    // Fragments that use variables belong to one operation; with several, variables of one are not known to the others, which is one more way to be wrong.
    const made = chance(3, 4) ? [operation('Q')] : some(i => operation(`Q${i}`), 1, most)
    return { text: [...made.map(m => m.text), ...[...fragments.values()].map(f => f.text)].join('\n'), variables: made[0].variables }
  }

  const names = [...new Set(['nope', '__typename', '__schema', 'a', ...Object.values(schema.getTypeMap()).flatMap(t => [t.name, ...t.getFields ? Object.values(t.getFields()).flatMap(f => [f.name, ...(f.args ?? []).map(a => a.name)]) : []])])]
  const odd = ['1', '-5', '99999999999', '1.5', '"x"', '"""b"""', 'true', 'null', 'WORD', '[]', '[1, null]', '[[1]]', '{}', '{ a: 1 }', '{ id: "1", name: "x" }', '{ id: null }', '{ least: 1 }', '{ least: "x", nope: 2 }', '$v0', '$nope']

  /** Changes one thing somewhere; null when the result is no document any more. */
  function spoil(text) {
    const tree = JSON.parse(JSON.stringify(parse(text, { noLocation: true })))
    const found = { names: [], values: [], lists: [], fields: [], types: [], operations: [], selections: [] }
    const inWords = new Set()
    visit(tree, {
      enter(node, key, parent) {
        if (node.kind === Kind.NAME) { found.names.push(node); inWords.add(node.value) }
        if (node.kind === Kind.FIELD) found.fields.push(node)
        if (node.kind === Kind.OPERATION_DEFINITION) found.operations.push(node)
        if (node.kind === Kind.SELECTION_SET) found.selections.push(node)
        if (['IntValue', 'FloatValue', 'StringValue', 'BooleanValue', 'NullValue', 'EnumValue', 'ListValue', 'ObjectValue', 'Variable'].includes(node.kind) && parent && !(node.kind === 'Variable' && parent.kind === 'VariableDefinition')) found.values.push([parent, key])
        if (node.kind === Kind.VARIABLE_DEFINITION) found.types.push(node)
        for (const [name, list] of Object.entries(node)) if (Array.isArray(list) && list.length) found.lists.push([name, list])
      },
    })
    const ways = [
      () => { one(found.names).value = one(chance(1, 2) ? names : [...inWords]) },
      () => { if (found.values.length) { const [parent, key] = one(found.values); parent[key] = parseValue(one(odd)) } },
      () => { const [, list] = one(found.lists); list.splice(random(list.length), 1) },
      () => { const [, list] = one(found.lists); list.splice(random(list.length + 1), 0, structuredClone(one(list))) },
      () => { const [name, list] = one(found.lists); const same = found.lists.filter(([n]) => n === name); list.push(structuredClone(one(one(same)[1]))) },
      () => { if (found.fields.length) one(found.fields).alias = { kind: Kind.NAME, value: one(['x', 'y', 'id', 'name']) } },
      () => { if (found.fields.length) { const f = one(found.fields); if (f.selectionSet) delete f.selectionSet; else f.selectionSet = { kind: Kind.SELECTION_SET, selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'id' } }] } } },
      () => { if (found.types.length) { const v = one(found.types); v.type = parseType(one([print(v.type) + (print(v.type).endsWith('!') ? '' : '!'), `[${print(v.type)}]`, print(v.type).replace(/!$/, ''), 'Int', 'String', 'ID!', 'Nope', one(names), `[${one(names)}!]`])) } },
      () => { if (found.operations.length) one(found.operations).operation = one(['query', 'mutation', 'subscription']) },
      () => { const f = one([...found.fields, ...found.operations]); f.directives = [...(f.directives ?? []), { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: one([...schema.getDirectives().map(d => d.name), 'nope']) }, arguments: chance(1, 2) ? [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: one(['if', 'name', 'why', 'x', 'reason']) }, value: parseValue(one(odd)) }] : [] }] },
      () => { const s = one(found.selections); s.selections.push({ kind: Kind.FRAGMENT_SPREAD, name: { kind: Kind.NAME, value: one(['F0', 'F1', 'Missing']) } }) },
      () => { const s = one(found.selections); s.selections.push({ kind: Kind.INLINE_FRAGMENT, typeCondition: chance(1, 2) ? { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: one(names) } } : undefined, selectionSet: structuredClone(one(found.selections)) }) },
      () => { const s = one(found.selections); s.selections.push(...structuredClone(one(found.selections).selections)) },
      () => { tree.definitions.push(...parse(one(['fragment F0 on Query { __typename }', 'fragment F9 on Query { ...F9 ...F8 } fragment F8 on Query { a { ...F9 } ...F8 }', 'query Q { __typename }', '{ __typename }', 'subscription S { __typename }', 'type Extra @nope { a: Nothing(b: Int = "x" b: Int): Int }', 'extend type Query { more(x: Int! @deprecated): Int @once @once }', 'directive @fresh(a: Int!) on FIELD', 'input X { a: Int a: [X] = { a: 1, a: 2 } } enum E { A @nope(x: $v) B }'.replace('$v', '1'), 'schema @nope { query: Nope }', 'union U = | Nope | Query scalar S @deprecated'])).definitions) },
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

  return { correct, spoil, random, one, chance }
}

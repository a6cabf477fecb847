// Seeded randomness for the scripts that make texts: the same seed makes the same ones on every machine.

export function seeded(seed) {
  let state = seed >>> 0
  const random = below => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
  const one = list => list[random(list.length)]
  const chance = (n, of) => random(of) < n
  const some = (make, least, most) => Array.from({ length: least + random(most - least + 1) }, (_, i) => make(i))
  return { random, one, chance, some, maybe: (n, of, make) => (chance(n, of) ? make() : '') }
}

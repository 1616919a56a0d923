import type { SubjectLookup } from '@varco/access-log'
import type { WatchedEvent } from '@varco/oversight'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StepPacker, StepUnpacker, type PackedSteps } from '../src/packed-steps.ts'

/** Texts that could be taken for lists, and lists that look alike when they are strung together. */
const text = fc.constantFrom('', 'a', 'a,b', '["a","b"]', '1a', '2["a"]', 'a\0b', 'è', 'permit')
const maybe = fc.option(text, { nil: null })
const list = fc.array(text, { maxLength: 3 })
const lookups = fc.uniqueArray(fc.constantFrom('anna', 'bruno', 'carla'), { maxLength: 3 })
const event: fc.Arbitrary<Omit<WatchedEvent, 'id'>> = fc.record({
  ...{ operator: maybe, contract: maybe, role: maybe, unit: maybe, workstation: maybe, purpose: maybe },
  ...{ ticket: maybe, grant: maybe, action: maybe, resource: maybe, refusedField: maybe },
  // A time of its own: the row's is nobody's word.
  at: fc.integer({ min: 0, max: 8e15 }),
  decision: fc.constantFrom('permit', 'deny', null),
  ...{ reasons: list, rules: list, fields: list },
  subjects: lookups.map((names) => names.map((name) => name.padEnd(16, '.') as SubjectLookup)),
})

interface Step {
  readonly seq: number
  readonly at: number
  readonly event: WatchedEvent | null
}

const TREE = 'proxy-1.7.'
const steps = fc
  .array(fc.record({ at: fc.integer({ min: 0, max: 8e15 }), event: fc.option(event, { nil: null }) }))
  .map((all) =>
    all.map(({ at, event: made }, seq): Step => ({
      ...{ seq, at },
      event: made === null ? null : { ...made, id: `${TREE}${seq}` },
    })),
  )

function pack(packer: StepPacker, lot: readonly Step[]): PackedSteps {
  for (const { seq, at, event: each } of lot) {
    const row = packer.begin(seq, at)
    if (each === null) {
      packer.withoutEvent(row)
      continue
    }
    // Whose record is shown twice has two side rows.
    const bytes = Buffer.from([...each.subjects, ...each.subjects].join(''), 'latin1')
    packer.put(row, each, packer.subjectsAt(bytes, 0, bytes.length))
  }
  return packer.take()
}

/** As one thread's message comes to the other. */
function sent(lot: PackedSteps): PackedSteps {
  return structuredClone(lot, { transfer: [lot.places.buffer, lot.numbers.buffer] })
}

function unpack(unpacker: StepUnpacker, lot: PackedSteps): readonly Step[] {
  unpacker.open(lot)
  return Array.from({ length: unpacker.count }, (_, i) => ({
    ...{ seq: unpacker.seq(i), at: unpacker.at(i), event: unpacker.event(i) },
  }))
}

test('steps come out of the other thread as they went in, lot by lot', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 4 }), (lots) => {
      const [packer, unpacker] = [new StepPacker(100), new StepUnpacker(TREE)]
      for (const lot of lots) expect(unpack(unpacker, sent(pack(packer, lot)))).toEqual(lot)
    }),
    { numRuns: 300 },
  )
})

const ONE: Step = {
  ...{ seq: 0, at: 1 },
  event: {
    ...{ id: `${TREE}0`, at: 1, operator: 'AUR-1', contract: null, role: null, unit: null },
    ...{ workstation: null, purpose: 'x', ticket: null, grant: null, action: null, resource: null },
    ...{
      decision: 'permit',
      reasons: [],
      rules: ['r'],
      fields: ['a', 'b'],
      refusedField: null,
      subjects: [],
    },
  },
}

test('lists that are equal are one object, and a text is sent once', () => {
  const [packer, unpacker] = [new StepPacker(10), new StepUnpacker(TREE)]
  const lot = [ONE, { ...ONE, seq: 1, event: ONE.event && { ...ONE.event, fields: ['a', 'b'] } }]
  const packed = pack(packer, lot)
  expect([packed.texts, packed.lists]).toEqual([
    ['AUR-1', 'x'],
    [['r'], ['a', 'b']],
  ])
  const [first, second] = unpack(unpacker, packed)
  expect(first?.event?.fields).toBe(second?.event?.fields)
  expect(pack(packer, lot)).toMatchObject({ texts: [], lists: [] })
})

test('two lists are joined to one, whichever of them is empty, and once for each pair', () => {
  const [packer, unpacker] = [new StepPacker(10), new StepUnpacker(TREE)]
  const [one, other, none] = [['a'], ['b', 'c'], []].map((each) => packer.listNumber(each))
  const joined = [one, other, none].flatMap((first) =>
    [one, other, none].map((second) => packer.joined(first ?? 0, second ?? 0)),
  )
  expect(packer.joined(one ?? 0, other ?? 0)).toBe(joined[1])
  for (const [i, number] of joined.entries()) {
    const row = packer.begin(i, 0)
    packer.put(row, { ...(ONE.event as WatchedEvent), at: 0 }, number)
  }
  const shown = unpack(unpacker, packer.take()).map((step) => step.event?.subjects.join(''))
  expect(shown).toEqual(['aa', 'abc', 'a', 'bca', 'bcbc', 'bc', 'a', 'bc', ''])
})

test('what was told is forgotten before it grows without end, and nothing is mixed up by it', () => {
  const [packer, unpacker] = [new StepPacker(30_000), new StepUnpacker(TREE)]
  const lotOf = (from: number): readonly Step[] =>
    Array.from({ length: 30_000 }, (_, i) => ({
      ...{ seq: i, at: i },
      event: { ...(ONE.event as WatchedEvent), ticket: `T-${from + i}` },
    }))
  const anew: boolean[] = []
  for (let n = 0; n < 6; n++) {
    const packed = pack(packer, lotOf(n * 30_000))
    anew.push(packed.isAnew)
    const last = unpack(unpacker, packed).at(-1)
    expect(last?.event).toMatchObject({ operator: 'AUR-1', ticket: `T-${n * 30_000 + 29_999}` })
    expect(last?.event?.rules).toEqual(['r'])
  }
  expect(anew).toEqual([false, false, false, false, true, false])
})

test('long lists are forgotten sooner than short ones, for it is their entries that fill memory', () => {
  const [packer, unpacker] = [new StepPacker(10), new StepUnpacker(TREE)]
  const anew: boolean[] = []
  for (let lot = 0; lot < 8; lot++) {
    for (let i = 0; i < 10; i++) {
      const bytes = Buffer.alloc(10_000 * 16)
      for (let j = 0; j < 10_000; j++) bytes.writeUInt32BE((lot * 10 + i) * 10_000 + j, j * 16)
      packer.put(packer.begin(i, i), ONE.event as WatchedEvent, packer.subjectsAt(bytes, 0, bytes.length))
    }
    const packed = packer.take()
    anew.push(packed.isAnew)
    const last = unpack(unpacker, packed).at(-1)?.event
    expect(last?.operator).toBe('AUR-1')
    expect(last?.subjects.length).toBe(10_000)
    expect(Buffer.from(last?.subjects[0] ?? '', 'latin1').readUInt32BE(0)).toBe((lot * 10 + 9) * 10_000)
  }
  // Half a million in five lots, and a few of the events' other lists.
  expect(anew).toEqual([false, false, false, false, false, true, false, false])
})

import type { SubjectLookup } from '@varco/access-log'
import type { WatchedEvent } from '@varco/oversight'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Step } from '../src/oversight-walk.ts'
import { StepPacker, StepUnpacker, type PackedSteps } from '../src/packed-steps.ts'

/** Texts that could be taken for lists, and lists that look alike when they are strung together. */
const text = fc.constantFrom('', 'a', 'a,b', '["a","b"]', '1a', '2["a"]', 'a\0b', 'è', 'permit')
const maybe = fc.option(text, { nil: null })
const list = fc.array(text, { maxLength: 3 })
const event: fc.Arbitrary<Omit<WatchedEvent, 'id' | 'at'>> = fc.record({
  ...{ operator: maybe, contract: maybe, role: maybe, unit: maybe, workstation: maybe, purpose: maybe },
  ...{ ticket: maybe, grant: maybe, action: maybe, resource: maybe },
  decision: fc.constantFrom('permit', 'deny', null),
  ...{ reasons: list, rules: list, fields: list, filters: list },
  subjects: list as fc.Arbitrary<SubjectLookup[]>,
})
const steps = fc
  .array(fc.record({ at: fc.integer({ min: 0, max: 8e15 }), event: fc.option(event, { nil: null }) }))
  .map((all) =>
    all.map(({ at, event: made }, seq): Step => ({
      ...{ seq, at },
      event: made === null ? null : { ...made, id: `proxy-1.7.${seq}`, at },
    })),
  )

/** As one thread's message comes to the other. */
function sent({ places, numbers, ...rest }: PackedSteps): PackedSteps {
  return structuredClone({ places, numbers, ...rest }, { transfer: [places.buffer, numbers.buffer] })
}

test('steps come out of the other thread as they went in, lot by lot', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 4 }), (lots) => {
      const [packer, unpacker] = [new StepPacker(), new StepUnpacker()]
      for (const lot of lots) expect(unpacker.unpack(sent(packer.pack(lot)), 'proxy-1.7.')).toEqual(lot)
    }),
    { numRuns: 300 },
  )
})

test('lists that are equal are one object, however they came, and a text is sent once', () => {
  const [packer, unpacker] = [new StepPacker(), new StepUnpacker()]
  const one: Step = {
    ...{ seq: 0, at: 1 },
    event: {
      ...{ id: 't.1.0', at: 1, operator: 'AUR-1', contract: null, role: null, unit: null, workstation: null },
      ...{ purpose: 'x', ticket: null, grant: null, action: null, resource: null, decision: 'permit' },
      ...{ reasons: [], rules: ['r'], fields: ['a', 'b'], filters: [], subjects: [] },
    },
  }
  const lot = [one, { ...one, event: one.event && { ...one.event, fields: ['a', 'b'] } }]
  const packed = packer.pack(lot)
  expect([packed.texts, packed.lists]).toEqual([
    ['AUR-1', 'x'],
    [['r'], ['a', 'b']],
  ])
  const [first, second] = unpacker.unpack(packed, 't.1.')
  expect(first?.event?.fields).toBe(second?.event?.fields)
  expect(packer.pack(lot)).toMatchObject({ texts: [], lists: [] })
})

test('what was told is forgotten before it grows without end, and nothing is mixed up by it', () => {
  const [packer, unpacker] = [new StepPacker(), new StepUnpacker()]
  const lotOf = (from: number): readonly Step[] =>
    Array.from({ length: 30_000 }, (_, i) => ({
      ...{ seq: i, at: i },
      event: {
        ...{ id: `t.1.${i}`, at: i, operator: 'AUR-1', contract: null, role: null, unit: null },
        ...{ workstation: null, purpose: null, ticket: `T-${from + i}`, grant: null, action: null },
        ...{ resource: null, decision: null, reasons: [], rules: [], fields: [], filters: [], subjects: [] },
      },
    }))
  const anew: boolean[] = []
  for (let n = 0; n < 6; n++) {
    const packed = packer.pack(lotOf(n * 30_000))
    anew.push(packed.isAnew)
    const last = unpacker.unpack(packed, 't.1.').at(-1)
    expect(last?.event).toMatchObject({ operator: 'AUR-1', ticket: `T-${n * 30_000 + 29_999}` })
  }
  expect(anew).toEqual([false, false, false, false, true, false])
})

import { appendHistory, generateLogKeys, type EventDraft, type SubjectLookup } from '@varco/access-log'
import { eventDraft, memoryLogStore } from '@varco/access-log/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WatchedEvent } from '@varco/oversight'
import { StepPacker, StepUnpacker } from '../src/packed-steps.ts'
import { packEvents, parsedEvent, quickEvents, type PackEvent } from '../src/watched-event.ts'

const keys = generateLogKeys('gse.example/varco')
const TREE = { writer: 'proxy-1', epoch: 1 }
const SHOWN = ['0123456789abcdef' as SubjectLookup]

const SEQ = 7

type Reads = (tree: typeof TREE, packer: StepPacker) => (...event: Parameters<PackEvent>) => boolean | void

/** Reads a body that stands amid others, as a chunk of a COPY holds it; `null` where there is no event, or it gave up. */
function reading(reads: Reads, tree = TREE): (body: string) => WatchedEvent | null {
  const packer = new StepPacker(1)
  const unpacker = new StepUnpacker(`${tree.writer}.${tree.epoch}.`)
  const read = reads(tree, packer)
  return (body) => {
    const [before, bytes] = [Buffer.from('{"action":"'), Buffer.from(body)]
    const end = before.length + bytes.length
    const lookups = Buffer.from(SHOWN.join(''), 'latin1')
    const subjects = packer.subjectsAt(lookups, 0, lookups.length)
    const row = packer.begin(SEQ, 0)
    const isRead = read(Buffer.concat([before, bytes, Buffer.from('"}')]), before.length, end, row, subjects)
    unpacker.open(packer.take())
    return isRead === false ? null : unpacker.event(0)
  }
}

function parsed(body: string): WatchedEvent | null {
  const event = parsedEvent(body)
  return event === null ? null : { ...event, id: `proxy-1.1.${SEQ}`, subjects: SHOWN }
}

/** The drafts as the log's own writer writes them, the first event of each batch with its link. */
async function bodiesOf(drafts: readonly EventDraft[]): Promise<readonly string[]> {
  const store = memoryLogStore()
  const past = drafts.map((draft, i) => ({ at: 1_795_500_000_000_000n + BigInt(i), draft }))
  await appendHistory(
    { store, keys, clock: { now: () => 1_795_600_000_000_000n }, writer: TREE.writer },
    past,
  )
  const tree = store.trees.find(({ writer, events }) => writer === TREE.writer && events.length > 0)
  const bodies = (tree?.events ?? []).map(({ body }) => body)
  return bodies.slice(-drafts.length)
}

/** Texts that look like the borders the quick way steps over. */
const nasty = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom('a', ']', '[', '],', '}', '0', 'è', ':', '],[', ']}', 'access') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"]',
      '],"kind":"x',
      '"}',
      '","seq":"9',
      '\\',
      ',"writer":"proxy-1"}',
      '","v":1',
    ),
  },
)
const maybe = fc.option(nasty, { nil: null })
const rarely = <T, N>(some: fc.Arbitrary<T>, none: N): fc.Arbitrary<T | N> =>
  fc.option(some, { nil: none, freq: 1 }).chain((found) => fc.constantFrom(none, none, none, found))
const drafts = fc
  .record({
    ...{
      action: maybe,
      contract: maybe,
      grant: maybe,
      instructedBy: maybe,
      operator: maybe,
      processor: maybe,
    },
    ...{ purpose: maybe, resource: maybe, role: maybe, ticket: maybe, unit: maybe, workstation: maybe },
    kind: fc.constantFrom('access' as const, 'access' as const, 'grant-asked' as const),
    decision: fc.constantFrom('permit' as const, 'deny' as const, null),
    masked: fc.array(nasty, { maxLength: 3 }),
    plain: fc.array(nasty, { maxLength: 3 }),
    reasons: fc.array(nasty, { maxLength: 2 }),
    rules: fc.array(nasty, { maxLength: 2 }),
    filters: fc.array(fc.record({ field: nasty, op: nasty, value: nasty }), { maxLength: 3 }),
    changes: rarely(
      fc.array(fc.record({ field: nasty, record: fc.constant(0), before: nasty, after: nasty }), {
        minLength: 1,
        maxLength: 2,
      }),
      [],
    ),
    detail: rarely(fc.dictionary(nasty, nasty, { maxKeys: 2 }), null),
  })
  .map((overrides) => eventDraft(overrides))

test('an ordinary access is read the quick way', async () => {
  const ordinary = [
    eventDraft(),
    eventDraft({ filters: [], masked: [], ticket: null, disclosures: [] }),
    eventDraft({ decision: 'deny', reasons: ['no-grant'], rules: [], plain: [], grant: 'G-1' }),
    eventDraft({ filters: [1, 2, 3].map((i) => ({ field: `f${i}`, op: 'eq', value: '1' })) }),
    eventDraft({ decision: 'deny', filters: [{ field: 'iban', op: 'eq', value: '1' }] }),
  ]
  for (const body of await bodiesOf(ordinary)) {
    const quick = reading(quickEvents)(body)
    expect(quick).not.toBeNull()
    expect(quick).toEqual(parsed(body))
  }
})

test('which field a refusal was for is what it says, else the only one that was compared', async () => {
  const compared = (...fields: readonly string[]) => fields.map((field) => ({ field, op: 'eq', value: '1' }))
  const refused = { decision: 'deny', reasons: ['field-not-plain'] } as const
  const drafts = [
    eventDraft({ ...refused, filters: compared('status', 'iban'), detail: { field: 'iban' } }),
    eventDraft({ ...refused, filters: [], detail: { field: 'iban' } }),
    eventDraft({ ...refused, filters: compared('iban', 'iban') }),
    eventDraft({ ...refused, filters: compared('status', 'iban') }),
    eventDraft({ filters: compared('iban') }),
  ]
  const bodies = await bodiesOf(drafts)
  expect(bodies.map((body) => reading(packEvents)(body)?.refusedField)).toEqual([
    ...['iban', 'iban', 'iban', null, null],
  ])
})

test('the quick way says what parsing says, or nothing, whatever the texts look like', async () => {
  const quick = reading(quickEvents)
  const read = reading(packEvents)
  let taken = 0
  await fc.assert(
    fc.asyncProperty(fc.array(drafts, { minLength: 1, maxLength: 20 }), async (some) => {
      for (const body of await bodiesOf(some)) {
        const whole = parsed(body)
        const found = quick(body)
        if (found !== null) taken++
        expect(found ?? whole).toEqual(whole)
        expect(read(body)).toEqual(whole)
      }
    }),
    { numRuns: 150 },
  )
  expect(taken).toBeGreaterThan(50)
})

test("another tree's event, an act, and a body with more after it are left to the parser", async () => {
  const [body = '', act = ''] = await bodiesOf([
    eventDraft(),
    eventDraft({ kind: 'log-read', decision: null }),
  ])
  expect(reading(quickEvents, { ...TREE, epoch: 2 })(body)).toBeNull()
  expect(reading(quickEvents, { ...TREE, writer: 'proxy-2' })(body)).toBeNull()
  expect(reading(quickEvents)(`${body} `)).toBeNull()
  expect(reading(quickEvents)(act)).toBeNull()
  expect(reading(packEvents)(act)).toBeNull()
})

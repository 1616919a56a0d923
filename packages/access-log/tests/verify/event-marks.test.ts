import { generateLogKeys, type EventDraft } from '@varco/access-log'
import { eventDraft } from '@varco/access-log/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { subjectLookup } from '../../src/keys/subject-lookup.ts'
import { plainHash } from '../../src/merkle/hash.ts'
import { eventMarks, parsedMarks, quickMarks } from '../../src/verify/event-marks.ts'
import { saltSource } from '../../src/writer/salts.ts'
import { sealEvent } from '../../src/writer/sealed-event.ts'

const keys = generateLogKeys('gse.example/varco')
const sealing = {
  origin: keys.origin,
  writer: 'proxy-1',
  epoch: 1,
  lookup: subjectLookup(keys.lookup),
  salt: saltSource(),
}

function placed(draft: EventDraft, first = false): { readonly body: string; readonly sideRows: number } {
  const place = { seq: 41, at: 1_795_500_000_000_001n, previous: first ? plainHash('note') : null }
  const { sideRows, bodyAt } = sealEvent(draft, sealing)
  return { body: bodyAt(place), sideRows: sideRows.length }
}

const bodyOf = (draft: EventDraft, first = false): string => placed(draft, first).body

const latin1 = (body: string): string => Buffer.from(body).toString('latin1')

/** Texts that look like the borders the quick way steps over. */
const nasty = fc.constantFrom(
  'a',
  ']',
  '],"kind":"x',
  '"}',
  '","seq":"9',
  ',"previous":"',
  '\\',
  'è',
  '{"count":7,',
  '',
)
const maybe = fc.option(nasty, { nil: null })
const drafts = fc
  .record({
    action: maybe,
    contract: maybe,
    grant: maybe,
    operator: maybe,
    processor: maybe,
    ticket: maybe,
    workstation: maybe,
    masked: fc.array(nasty, { maxLength: 3 }),
    plain: fc.array(nasty, { maxLength: 3 }),
    filters: fc.array(fc.record({ field: nasty, op: nasty, value: nasty }), { maxLength: 2 }),
    changes: fc.array(fc.record({ field: nasty, record: fc.constant(0), before: nasty, after: nasty }), {
      maxLength: 2,
    }),
    detail: fc.option(
      fc.dictionary(nasty, fc.oneof(nasty, fc.constant({ count: 9, root: 'x' })), { maxKeys: 3 }),
      { nil: null },
    ),
  })
  .map((overrides) => eventDraft(overrides))

test('an ordinary access is read the quick way', () => {
  for (const filters of [[], [{ field: 'number', op: 'eq', value: '1' }]]) {
    for (const first of [true, false]) {
      const body = bodyOf(eventDraft({ filters }), first)
      expect(quickMarks(latin1(body))).toEqual(parsedMarks(body))
    }
  }
})

test('the quick way says what parsing says, or nothing, whatever the texts look like', () => {
  fc.assert(
    fc.property(drafts, fc.boolean(), (draft, first) => {
      const { body, sideRows } = placed(draft, first)
      const parsed = parsedMarks(body)
      expect(quickMarks(latin1(body)) ?? parsed).toEqual(parsed)
      expect(eventMarks(Buffer.from(body))).toEqual(parsed)
      expect(parsed?.sideRows).toBe(sideRows)
    }),
    { numRuns: 2_000 },
  )
})

test('bytes around an event make it no event of ours', () => {
  const body = bodyOf(eventDraft())
  expect(quickMarks(`${body} `)).toBeNull()
  expect(eventMarks(Buffer.from('[]'))).toBeNull()
  expect(eventMarks(Buffer.from('{'))).toBeNull()
})

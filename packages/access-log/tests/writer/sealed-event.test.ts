import { createHmac, hash } from 'node:crypto'
import { canonicalJson, type Json } from '@varco/core'
import { eventDraft } from '@varco/access-log/testing'
import { EVENT_KINDS, generateLogKeys, MalformedEventError, type EventDraft } from '@varco/access-log'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { subjectLookup } from '../../src/keys/subject-lookup.ts'
import { hashToBase64, plainHash } from '../../src/merkle/hash.ts'
import { decodeEvent } from '../../src/stored-event.ts'
import { sideRowHash } from '../../src/store/side-row.ts'
import { filterCommitment } from '../../src/writer/filter-commitment.ts'
import { saltSource } from '../../src/writer/salts.ts'
import { sealEvent } from '../../src/writer/sealed-event.ts'
import { sha256 } from '../merkle/naive-tree.ts'

const keys = generateLogKeys('gse.example/varco')
const lookup = subjectLookup(keys.lookup)
const sealing = { origin: keys.origin, writer: 'proxy-1', epoch: 3, lookup, salt: saltSource() }
const place = { seq: 41, at: 1_795_500_000_000_001n, previous: null }

const name = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  // eslint-disable-next-line no-control-regex -- what the log refuses
  .filter((text) => !/[\u0000-\u001f\u007f]/.test(text) && text.length <= 512)
const maybe = fc.option(name, { nil: null })
const names = fc.array(name, { maxLength: 4 })
const json = fc
  .jsonValue({ maxDepth: 3 })
  .filter((value) => !JSON.stringify(value).includes('\\u0000')) as fc.Arbitrary<Json>

const plainDrafts: fc.Arbitrary<EventDraft> = fc.record({
  kind: fc.constantFrom(...EVENT_KINDS),
  requestId: name,
  operator: maybe,
  processor: maybe,
  contract: maybe,
  role: maybe,
  unit: maybe,
  workstation: maybe,
  instructedBy: maybe,
  purpose: maybe,
  ticket: maybe,
  grant: maybe,
  action: maybe,
  resource: maybe,
  filters: fc.array(fc.record({ field: name, op: name, value: fc.string() }), { maxLength: 3 }),
  plain: names,
  masked: names,
  decision: fc.constantFrom('permit', 'deny', null),
  reasons: names,
  rules: names,
  policyVersion: maybe,
  disclosures: fc.array(
    fc.record({
      resource: name,
      recordKey: name,
      dataSubject: fc.option(fc.record({ kind: name, id: name }), { nil: null }),
    }),
    { maxLength: 5 },
  ),
  detail: fc.option(fc.dictionary(name, json), { nil: null }),
})
const drafts: fc.Arbitrary<EventDraft> = plainDrafts.chain((draft) =>
  fc.option(changesOf(draft.disclosures.length), { nil: undefined }).map((changes) => ({
    ...draft,
    ...(changes === undefined ? {} : { changes }),
  })),
)

function changesOf(records: number): fc.Arbitrary<NonNullable<EventDraft['changes']>> {
  if (records === 0) return fc.constant([])
  const change = fc.record({
    ...{ field: name, before: fc.string(), after: fc.string() },
    record: fc.nat({ max: records - 1 }),
  })
  return fc.array(change, { maxLength: 4 })
}

describe('an event', () => {
  test('is encoded to the very bytes of RFC 8785', () => {
    fc.assert(
      fc.property(drafts, fc.boolean(), (draft, first) => {
        const body = sealEvent(draft, sealing).bodyAt({
          ...place,
          previous: first ? plainHash('note') : null,
        })
        expect(body).toBe(canonicalJson(JSON.parse(body) as Json))
      }),
      { numRuns: 1_000 },
    )
  })

  test('is read back as it was, but for values and disclosures', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const { filters, disclosures, detail, changes = [], ...rest } = draft
        const event = decodeEvent(sealEvent(draft, sealing).bodyAt(place))
        expect(event).toMatchObject(rest)
        expect(event).toMatchObject({ id: 'proxy-1.3.41', seq: 41, at: place.at, origin: keys.origin, v: 1 })
        expect(event.filters.map(({ field, op }) => ({ field, op }))).toEqual(
          filters.map(({ field, op }) => ({ field, op })),
        )
        expect((event.changes ?? []).map(({ field, record }) => ({ field, record }))).toEqual(
          changes.map(({ field, record }) => ({ field, record })),
        )
        expect(event.disclosed.count).toBe(disclosures.length)
        expect(canonicalJson(event.detail)).toBe(canonicalJson(detail))
      }),
    )
  })

  test('commits to its side rows by the hash of their RFC 6962 leaf hashes, the salt of its filters last', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const { sideRows, bodyAt } = sealEvent(draft, sealing)
        expect(sideRows).toHaveLength(
          draft.disclosures.length + (draft.filters.length + (draft.changes ?? []).length > 0 ? 1 : 0),
        )
        const data = sideRows.map(({ salt, subject, resource, recordKey }) =>
          Buffer.concat(
            [salt, subject === null ? null : Buffer.from(subject, 'latin1'), resource, recordKey].flatMap(
              (part) => {
                const bytes = part === null ? null : Buffer.from(part)
                const length = Buffer.alloc(4)
                length.writeInt32BE(bytes?.length ?? -1)
                return bytes === null ? [length] : [length, bytes]
              },
            ),
          ),
        )
        const root = sha256(Buffer.of(2), ...data.map((row) => sha256(Buffer.of(0), row)))
        expect(decodeEvent(bodyAt(place)).disclosed.root).toBe(
          (data.length === 0 ? sha256() : root).toString('base64'),
        )
      }),
    )
  })

  test('holds neither a value that was filtered by, nor a data subject', () => {
    const body = sealEvent(
      eventDraft({
        filters: [{ field: 'tax_code', op: 'eq', value: 'RSSMRA80A01H501U' }],
        disclosures: [
          { resource: 'producer', recordKey: 'REC-77', dataSubject: { kind: 'producer', id: 'SUBJ-99' } },
        ],
      }),
      sealing,
    ).bodyAt(place)
    for (const secret of ['RSSMRA80A01H501U', 'REC-77', 'SUBJ-99']) expect(body).not.toContain(secret)
  })

  test('null, empty and absent stay apart where they can meet', () => {
    const event = decodeEvent(sealEvent(eventDraft({ ticket: '', unit: null }), sealing).bodyAt(place))
    expect(event.ticket).toBe('')
    expect(event.unit).toBeNull()
  })
})

describe('commitments', () => {
  const filter = { field: 'tax_code', op: 'eq', value: 'RSSMRA80A01H501U' }
  const salt = Buffer.alloc(16, 7)

  test('a filter is confirmed by who holds the salt and knows the value, and by nobody else', () => {
    const { sideRows, bodyAt } = sealEvent(eventDraft({ filters: [filter] }), sealing)
    const [stored] = decodeEvent(bodyAt(place)).filters
    const own = sideRows.at(-1)?.salt ?? Buffer.alloc(0)
    expect(stored?.commitment).toBe(hashToBase64(filterCommitment(own, 0, filter)))
    expect(stored?.commitment).not.toBe(hashToBase64(filterCommitment(salt, 0, filter)))
  })

  test('a change is confirmed the same way, before and after each at a place of its own', () => {
    const change = { field: 'status', record: 0, before: '"issued"', after: '"paid"' }
    const disclosures = [{ resource: 'invoice', recordKey: '1', dataSubject: null }]
    const draft = eventDraft({ filters: [filter], disclosures, changes: [change, change] })
    const { sideRows, bodyAt } = sealEvent(draft, sealing)
    const own = sideRows.at(-1)?.salt ?? Buffer.alloc(0)
    const at = (position: number, op: string, value: string): string =>
      hashToBase64(filterCommitment(own, position, { field: 'status', op, value }))
    const body = bodyAt(place)
    expect(decodeEvent(body).changes).toEqual([
      { field: 'status', record: 0, before: at(1, 'before', '"issued"'), after: at(2, 'after', '"paid"') },
      { field: 'status', record: 0, before: at(3, 'before', '"issued"'), after: at(4, 'after', '"paid"') },
    ])
    expect(body).not.toMatch(/issued|paid/)
  })

  test('a change of a record that the event does not disclose is refused', () => {
    const change = { field: 'status', record: 1, before: 'null', after: 'null' }
    const disclosures = [{ resource: 'invoice', recordKey: '1', dataSubject: null }]
    expect(() => sealEvent(eventDraft({ disclosures, changes: [change] }), sealing)).toThrow(
      MalformedEventError,
    )
  })

  test('equal filters of one event do not look equal', () => {
    expect(filterCommitment(salt, 0, filter)).not.toBe(filterCommitment(salt, 1, filter))
  })

  test('a filter’s commitment is the hash of salt, position, field, operator and value, each behind its length', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.string({ minLength: 600, maxLength: 900 }),
    )
    fc.assert(
      fc.property(fc.nat(), text, text, text, (position, field, op, value) => {
        const parts = [salt, ...[String(position), field, op, value].map((each) => Buffer.from(each))]
        const framed = parts.flatMap((part) => {
          const length = Buffer.alloc(4)
          length.writeUInt32BE(part.length)
          return [length, part]
        })
        const expected = hash('sha256', Buffer.concat(framed), 'binary')
        expect(filterCommitment(salt, position, { field, op, value })).toBe(expected)
      }),
    )
  })

  test('parts cannot be moved across their borders', () => {
    expect(filterCommitment(salt, 0, { field: 'ab', op: 'c', value: 'd' })).not.toBe(
      filterCommitment(salt, 0, { field: 'a', op: 'bc', value: 'd' }),
    )
    const row = { salt, subject: null, resource: 'ab', recordKey: 'c' }
    expect(sideRowHash(row)).not.toBe(sideRowHash({ ...row, resource: 'a', recordKey: 'bc' }))
    expect(sideRowHash({ ...row, recordKey: null })).not.toBe(sideRowHash({ ...row, recordKey: '' }))
  })

  test('two events about the same record share no commitment', () => {
    const roots = [1, 2].map(() => decodeEvent(sealEvent(eventDraft(), sealing).bodyAt(place)).disclosed.root)
    expect(roots[0]).not.toBe(roots[1])
  })

  test('salts never repeat', () => {
    const salt = saltSource()
    const drawn = Array.from({ length: 2_000 }, () => Buffer.from(salt()).toString('hex'))
    expect(new Set(drawn).size).toBe(2_000)
    expect(drawn.every((one) => one.length === 32)).toBe(true)
  })
})

describe('the lookup of a data subject', () => {
  test('is HMAC-SHA-256 of kind and id, cut to 16 bytes', () => {
    fc.assert(
      fc.property(name, name, (kind, id) => {
        const expected = createHmac('sha256', keys.lookup).update(`${kind}\0${id}`).digest().subarray(0, 16)
        expect(Buffer.from(lookup({ kind, id }), 'latin1')).toEqual(expected)
      }),
    )
  })

  test('is remembered of nobody else, however many were asked about in between', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => `P-${i}`)
    const first = ids.map((id) => lookup({ kind: 'producer', id }))
    expect(new Set(first).size).toBe(ids.length)
    expect(ids.map((id) => lookup({ kind: 'producer', id }))).toEqual(first)
  })

  test('refuses what it would have to cut short', () => {
    expect(() => lookup({ kind: 'producer', id: 'x'.repeat(1_100) })).toThrow('too long')
  })
})

describe('a draft is refused', () => {
  test.each<[string, Partial<EventDraft>]>([
    ['ticket', { ticket: 'a\0b' }],
    ['workstation', { workstation: 'a\u001fb' }],
    ['purpose', { purpose: '\ud800' }],
    ['operator', { operator: 'x'.repeat(513) }],
    ['plain', { plain: ['ok', 'line\nbreak'] }],
    ['filters', { filters: [{ field: 'a\0', op: 'eq', value: '' }] }],
    ['recordKey', { disclosures: [{ resource: 'invoice', recordKey: '\0', dataSubject: null }] }],
    [
      'dataSubject',
      { disclosures: [{ resource: 'invoice', recordKey: '1', dataSubject: { kind: 'producer', id: '\0' } }] },
    ],
    ['detail', { detail: { deep: [{ text: 'a\0b' }] } }],
    ['detail', { detail: { 'a\0b': 1 } }],
  ])('whose %s PostgreSQL would not take or an index not hold', (key, overrides) => {
    expect(() => sealEvent(eventDraft(overrides), sealing)).toThrow(MalformedEventError)
    expect(() => sealEvent(eventDraft(overrides), sealing)).toThrow(key)
  })
})

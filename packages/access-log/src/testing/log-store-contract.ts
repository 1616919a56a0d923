import { asId, type Clock, type DataSubjectRef, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { appendOnce } from '../writer/append-once.ts'
import { pruneLog, type Prune, type PruneOptions } from '../prune/prune-log.ts'
import { eraseDataSubject, type Erasure, type HeldEvidence } from '../erase/erase-data-subject.ts'
import { openAccessLog, type AccessLogWriter } from '../writer/open-access-log.ts'
import { generateLogKeys } from '../keys/log-keys.ts'
import { subjectLookup } from '../keys/subject-lookup.ts'
import { EMPTY_FRONTIER } from '../merkle/frontier.ts'
import { openAccessLogReader } from '../reading/open-access-log-reader.ts'
import type { AccessLogReader, EventQuery } from '../reader.ts'
import type { LogPruning } from '../store/log-pruning.ts'
import type { LogReadStore } from '../store/log-read-store.ts'
import type { Batch, CommitOutcome, LogStore } from '../store/log-store.ts'
import { sideRowHash } from '../store/side-row.ts'
import { checkInclusion } from '../verify/check-inclusion.ts'
import { verifyLog } from '../verify/verify-log.ts'
import { eventDraft } from './event-draft.ts'
import { memoryAnchor } from './memory-anchor.ts'

/** A store to be held against the contract, empty at first. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: LogStore & LogReadStore & LogPruning
}

const START = 1_795_500_000_000_000n
const NO_KEYS = { operator: null, ticket: null, act: null, denied: false }
const PRODUCER: DataSubjectRef = { kind: 'producer', id: 'P-1' }

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const rows: T[] = []
  for await (const page of pages) rows.push(...page)
  return rows
}

/** What every store of the access log promises; run on each implementation. */
export function logStoreContract(open: () => Promise<StoreUnderTest>): void {
  const keys = generateLogKeys('gse.example/varco')
  const lookup = subjectLookup(keys.lookup)
  let under: StoreUnderTest
  let store: LogStore & LogReadStore & LogPruning
  let clock: Clock & { advance(by: bigint): void }
  let reader: AccessLogReader
  const writers: AccessLogWriter[] = []

  beforeEach(async () => {
    under = await open()
    store = under.store
    clock = new ManualClock(START)
    reader = openAccessLogReader({ store, keys })
  })

  afterEach(async () => {
    for (const writer of writers.splice(0)) await writer[Symbol.asyncDispose]()
    await under[Symbol.asyncDispose]()
  })

  const writerNamed = async (name = 'proxy-1'): Promise<AccessLogWriter> => {
    const log = await openAccessLog({ store, keys, clock, writer: asId<WriterId>(name) })
    writers.push(log)
    return log
  }

  const emptyBatch = (size: number, base: Batch['base']): Batch => ({
    writer: 'w',
    epoch: 1,
    base,
    events: [{ seq: size - 1, at: START + BigInt(size), body: '{"kind":"access"}', keys: NO_KEYS }],
    sideRows: [],
    head: { writer: 'w', epoch: 1, size, at: START + BigInt(size), nodes: ['x'.repeat(32) as never] },
    checkpoint: { size, at: START + BigInt(size), note: `note ${size}`, leaves: Buffer.alloc(32) },
    tiles: [],
    erase: [],
    now: START,
  })

  describe('commits', () => {
    test('a tree begins with a batch on nothing, and only once', async () => {
      expect(await store.head('w')).toBeNull()
      expect(await store.commit(emptyBatch(1, null))).toBe('committed')
      expect(await store.commit(emptyBatch(1, null))).toBe('superseded')
      expect(await store.head('w')).toEqual(emptyBatch(1, null).head)
    })

    test('a batch on a head that has moved on changes nothing', async () => {
      const first = emptyBatch(1, null)
      await store.commit(first)
      expect(await store.commit(emptyBatch(2, first.head))).toBe('committed')
      expect(await store.commit(emptyBatch(2, first.head))).toBe('superseded')
      expect(await store.commit(emptyBatch(3, EMPTY_FRONTIER))).toBe('superseded')
      expect(await all(store.walkEvents(first, { from: 0, to: 9 }))).toHaveLength(2)
      expect(await all(store.walkCheckpoints(first, { from: 0, to: 9 }))).toHaveLength(2)
    })

    test('a batch on a head of the same size with another frontier is refused', async () => {
      await store.commit(emptyBatch(1, null))
      const other = { size: 1, nodes: ['y'.repeat(32) as never] }
      expect(await store.commit(emptyBatch(2, other))).toBe('superseded')
    })

    test('of batches that race for one head exactly one wins', async () => {
      const first = emptyBatch(1, null)
      await store.commit(first)
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, () => store.commit(emptyBatch(2, first.head))),
      )
      expect(outcomes.toSorted()).toEqual(['committed', ...Array.from({ length: 7 }, () => 'superseded')])
    })

    test('a batch behind another gets in when that one has', async () => {
      const first = emptyBatch(1, null)
      const ahead = store.commit(first)
      const behind = store.commit(emptyBatch(2, first.head), ahead)
      const last = store.commit(emptyBatch(3, emptyBatch(2, first.head).head), behind)
      expect(await Promise.all([ahead, behind, last])).toEqual(['committed', 'committed', 'committed'])
      expect(await all(store.walkEvents(first, { from: 0, to: 9 }))).toHaveLength(3)
    })

    test.each<[string, () => Promise<CommitOutcome>]>([
      ['was superseded', async () => 'superseded'],
      ['failed', () => Promise.reject(new Error('the connection was lost'))],
    ])('a batch behind one that %s changes nothing, though the head is its base', async (_, outcome) => {
      const first = emptyBatch(1, null)
      await store.commit(first)
      expect(await store.commit(emptyBatch(2, first.head), outcome())).toBe('superseded')
      expect(await all(store.walkEvents(first, { from: 0, to: 9 }))).toHaveLength(1)
      expect(await store.head('w')).toEqual(first.head)
      expect(await store.commit(emptyBatch(2, first.head))).toBe('committed')
    })

    test('what a batch held is read back as it was, byte for byte', async () => {
      const subject = lookup(PRODUCER)
      const salt = Buffer.from('00ff10ab00ff10ab00ff10ab00ff10ab', 'hex')
      const rows = [
        {
          seq: 0,
          position: 0,
          at: START,
          subject,
          resource: 'fattura “è”',
          recordKey: 'a\'b"c\\d{e},f',
          salt,
        },
        { seq: 0, position: 1, at: START, subject: null, resource: 'invoice', recordKey: '', salt },
        { seq: 0, position: 2, at: START, subject: null, resource: null, recordKey: null, salt },
      ]
      const body = '{"b":"\\u001f€😀 \\\\ \\" {} NULL","a":1,  "a":1}'
      const batch: Batch = {
        ...emptyBatch(1, null),
        events: [
          {
            seq: 0,
            at: START,
            body,
            keys: { operator: 'op “è”', ticket: '', act: 'log-read', denied: true },
          },
        ],
        sideRows: rows,
        tiles: [{ level: 8, index: 7, hash: '\u0000\u00ff'.repeat(16) as never }],
      }
      await store.commit(batch)
      const [event] = await all(store.walkEvents(batch, { from: 0, to: 1 }))
      expect(event).toMatchObject({ seq: 0, at: Number(START) })
      const stored = { operator: 'op “è”', ticket: '', act: 'log-read', denied: true }
      expect(event?.hasKeys(stored)).toBe(true)
      for (const other of [
        ...['op “é”', 'op “è', '', null].map((operator) => ({ operator })),
        ...[null, 'T'].map((ticket) => ({ ticket })),
        ...[null, 'log-rea', 'log-reae', 'log-read-'].map((act) => ({ act })),
        { denied: false },
      ])
        expect(event?.hasKeys({ ...stored, ...other }), JSON.stringify(other)).toBe(false)
      expect(Buffer.from(event?.leaf ?? []).toString()).toBe(`\0${body}`)
      expect((await store.find(batch, 0))?.body).toBe(body)
      const walked = await all(store.walkSideRows(batch, { from: 0, to: 1 }))
      expect(walked.map(({ commitment }) => commitment)).toEqual(rows.map(sideRowHash))
      expect(walked.map(({ seq, position, at }) => [seq, position, at])).toEqual(
        rows.map((row) => [0, row.position, Number(START)]),
      )
      const [checkpoint] = await all(store.walkCheckpoints(batch, { from: 1, to: 2 }))
      expect(checkpoint).toMatchObject({ ...batch.checkpoint, leaves: expect.anything() as Uint8Array })
      expect(await store.tiles(batch, 8, 0, 8)).toEqual(['\u0000\u00ff'.repeat(16)])
      expect(await store.tiles(batch, 8, 8, 9)).toEqual([])
      expect(await all(store.walkTiles(batch))).toEqual(batch.tiles)
    })

    test('erasing removes those side rows and no others', async () => {
      const log = await writerNamed()
      const disclosure = { resource: 'invoice', dataSubject: PRODUCER }
      const { epoch, seq, at } = await log.append(
        eventDraft({
          filters: [],
          disclosures: ['1', '2', '3'].map((recordKey) => ({ ...disclosure, recordKey })),
        }),
      )
      const head = await store.head('w')
      await store.commit({
        ...emptyBatch(1, head),
        erase: [{ writer: 'proxy-1', epoch, seq, position: 1, at }],
      })
      expect(
        (await store.sideRows({ writer: 'proxy-1', epoch }, seq)).map(({ recordKey }) => recordKey),
      ).toEqual(['1', '3'])
    })
  })

  describe('forgetting a data subject', () => {
    test.each([1, 499, 500, 501])(
      'of %i records shown at once leaves nothing of theirs, and a log that verifies',
      async (count) => {
        const anchor = memoryAnchor()
        const log = await openAccessLog({
          store,
          keys,
          clock,
          writer: asId<WriterId>('proxy-1'),
          anchors: [anchor],
        })
        const other = {
          resource: 'invoice',
          recordKey: 'other',
          dataSubject: { kind: 'producer', id: 'P-2' },
        }
        const theirs = Array.from({ length: count }, (_, i) => ({
          resource: 'invoice',
          recordKey: `${i}`,
          dataSubject: PRODUCER,
        }))
        await log.append(eventDraft({ disclosures: [...theirs, other] }))
        await log.append(eventDraft({ disclosures: [other] }))
        await log[Symbol.asyncDispose]()
        const erased = await eraseDataSubject({
          ...{ minded: [], held: [] },
          ...{
            store,
            reading: store,
            keys,
            clock,
            anchors: [anchor],
            writer: 'retention-1',
            dataSubject: PRODUCER,
          },
          ...{ requestId: 'erasure-1', operator: null, approver: 'dpo-2', reason: 'GDPR Art. 17' },
        })
        expect(erased.rows).toBe(count + 1)
        expect(
          await store.erasable(lookup(PRODUCER), 9, { subjects: [], records: [], resources: [] }),
        ).toEqual([])
        const left = await all(store.walkSideRows({ writer: 'proxy-1', epoch: 1 }, { from: 0, to: 9 }))
        expect(left.map(({ seq, position }) => `${seq}.${position}`)).toEqual([`1.${count}`, '2.0', '2.1'])
        expect(
          (await verifyLog({ store, verifierKeys: [keys.verifier], anchors: [anchor] })).findings,
        ).toEqual([])
      },
    )

    test('leaves whole what shows a held one too, until the hold is released', async () => {
      const anchor = memoryAnchor()
      await using log = await openAccessLog({
        ...{ store, keys, clock, writer: asId<WriterId>('proxy-1'), anchors: [anchor] },
      })
      const HELD = { kind: 'producer', id: 'P-2' }
      const [theirs, other] = [PRODUCER, HELD].map((dataSubject, i) => ({
        ...{ resource: i === 0 ? 'invoice' : 'plant', recordKey: `${i}`, dataSubject },
      }))
      if (theirs === undefined || other === undefined) throw new Error('two are shown')
      const changes = [{ field: 'iban', record: 0, before: '"a"', after: '"b"' }]
      await log.append(eventDraft({ disclosures: [theirs] }))
      await log.append(eventDraft({ disclosures: [theirs, other], changes }))
      await log.append(eventDraft({ disclosures: [theirs, theirs], filters: [] }))
      await log[Symbol.asyncDispose]()
      const erase = (...held: readonly HeldEvidence[]): Promise<Erasure> =>
        eraseDataSubject({
          ...{ store, reading: store, keys, clock, anchors: [anchor], writer: 'retention-1', held },
          ...{ dataSubject: PRODUCER, minded: [], requestId: 'erasure-1', operator: null, approver: 'dpo-2' },
          reason: 'GDPR Art. 17',
        })
      const left = async (): Promise<string[]> =>
        (await all(store.walkSideRows({ writer: 'proxy-1', epoch: 1 }, { from: 0, to: 9 }))).map(
          ({ seq, position }) => `${seq}.${position}`,
        )
      const person: HeldEvidence = { kind: 'data-subject', dataSubject: HELD }
      expect(await erase(person)).toMatchObject({ rows: 4, putOff: 1 })
      expect(await left()).toEqual(['2.0', '2.1', '2.2'])
      const record: HeldEvidence = { kind: 'record', resource: 'plant', record: '1' }
      for (const held of [person, record, { kind: 'resource', resource: 'plant' } as const])
        expect(await erase(held)).toEqual({ rows: 0, events: [], putOff: 1 })
      const others: HeldEvidence[] = [
        { kind: 'data-subject', dataSubject: { kind: 'producer', id: 'P-9' } },
        { kind: 'record', resource: 'invoice', record: '1' },
        { kind: 'resource', resource: 'message' },
      ]
      expect(await erase(...others)).toMatchObject({ rows: 2, putOff: 0 })
      expect(await left()).toEqual(['2.1'])
      const verdict = await verifyLog({ store, verifierKeys: [keys.verifier], anchors: [anchor] })
      expect(verdict.findings).toEqual([])
    })
  })

  describe('dropping old months', () => {
    const DECEMBER = 1_796_083_200_000_000n
    const JANUARY = 1_798_761_600_000_000n
    let anchor: ReturnType<typeof memoryAnchor>

    const appendTo = async (name: string, count: number): Promise<void> => {
      await using log = await openAccessLog({
        store,
        keys,
        clock,
        writer: asId<WriterId>(name),
        anchors: [anchor],
      })
      await Promise.all(Array.from({ length: count }, () => log.append(eventDraft())))
    }
    /** `old` goes silent in November; `proxy-1` goes on into January. */
    const threeMonths = async (): Promise<void> => {
      anchor = memoryAnchor()
      await appendTo('old', 300)
      await appendTo('proxy-1', 300)
      clock.advance(DECEMBER - clock.now() + 5n)
      await appendTo('proxy-1', 40)
      clock.advance(JANUARY - clock.now() + 5n)
      await appendTo('proxy-1', 40)
    }
    const prune = (before: bigint, options: Partial<PruneOptions> = {}): Promise<Prune> =>
      pruneLog({
        ...{
          store,
          reading: store,
          pruning: store,
          keys,
          clock,
          anchors: [anchor],
          before,
          unlessHeld: async (_, work) => {
            await work?.([])
            return true
          },
        },
        ...{ rule: 'log floor P24M', approver: 'dpo-2', operator: 'dpo-1', verifierKeys: [keys.verifier] },
        newRequestId: () => 'prune-1',
        ...options,
      })
    const kinds = async (): Promise<string[]> => {
      const { findings } = await verifyLog({ store, verifierKeys: [keys.verifier], anchors: [anchor] })
      return findings.map(({ kind, writer, seq }) => `${kind} ${writer} ${seq}`)
    }
    const sizeOf = (done: Prune, writer: string): number | undefined =>
      done.trees.find((tree) => tree.writer === writer)?.size

    test('keeps the rest, which still verifies, is still proven and goes on', async () => {
      await threeMonths()
      const done = await prune(DECEMBER)
      expect([sizeOf(done, 'old'), sizeOf(done, 'proxy-1')]).toEqual([301, 301])
      expect(await kinds()).toEqual([])
      expect(await reader.find('proxy-1.1.300')).toBeNull()
      for (const seq of [301, 320, 341, 382]) {
        const proof = await reader.prove(asId(`proxy-1.1.${seq}`))
        if (proof === null) throw new Error('not proven')
        expect(checkInclusion(proof, keys.verifier)).toMatchObject({ ok: true, event: { seq } })
        expect(await (await reader.prover())(asId(`proxy-1.1.${seq}`))).toEqual(proof)
        expect(await (await reader.prover())(asId(`proxy-1.1.${seq}`), proof.body)).toEqual(proof)
      }
      expect(await (await reader.prover())(asId('proxy-1.1.300'))).toBeNull()
      await appendTo('old', 3)
      await appendTo('proxy-1', 3)
      expect(await kinds()).toEqual([])
    })

    test('is recorded with range, rule and approver before anything goes', async () => {
      await threeMonths()
      await prune(DECEMBER)
      const [act] = (await reader.search({ kind: 'log-pruned', limit: 1 })).events
      expect(act).toMatchObject({ writer: 'top', operator: 'dpo-1' })
      expect(act?.detail).toMatchObject({
        before: '2026-12-01T00:00:00.000000Z',
        rule: 'log floor P24M',
        approver: 'dpo-2',
      })
    })

    test('again and again, month by month', async () => {
      await threeMonths()
      await prune(DECEMBER)
      const done = await prune(JANUARY)
      expect([sizeOf(done, 'old'), sizeOf(done, 'proxy-1')]).toEqual([301, 342])
      expect(await kinds()).toEqual([])
      expect(sizeOf(await prune(JANUARY), 'proxy-1')).toBe(342)
      expect(await kinds()).toEqual([])
    })

    test('is refused by a hold placed while the log was verified, and leaves no record', async () => {
      await threeMonths()
      let asked = 0
      const unlessHeld: PruneOptions['unlessHeld'] = async () => asked++ === 0
      await expect(prune(DECEMBER, { unlessHeld })).rejects.toMatchObject({ reason: 'held' })
      expect((await reader.search({ kind: 'log-pruned', limit: 1 })).events).toEqual([])
      expect(await kinds()).toEqual([])
    })

    test('killed behind its record, is finished by running it again', async () => {
      await threeMonths()
      const killed = { ...store, drop: () => Promise.reject(new Error('killed')) }
      await expect(prune(DECEMBER, { pruning: killed })).rejects.toThrow('killed')
      expect(await kinds()).toContain('pruned-row-present old 0')
      await expect(prune(DECEMBER, { unlessHeld: async () => false })).rejects.toMatchObject({
        reason: 'held',
      })
      expect(await kinds()).toContain('pruned-row-present old 0')
      await prune(DECEMBER)
      expect(await kinds()).toEqual([])
    })

    test('takes erasures along', async () => {
      await threeMonths()
      await eraseDataSubject({
        ...{ minded: [], held: [] },
        ...{
          store,
          reading: store,
          keys,
          clock,
          anchors: [anchor],
          writer: 'retention-1',
          dataSubject: PRODUCER,
        },
        ...{ requestId: 'erasure-1', operator: null, approver: 'dpo-2', reason: 'GDPR Art. 17' },
      })
      await prune(DECEMBER)
      expect(await kinds()).toEqual([])
    })

    test('without a record is missing events, wherever the first survivor stands', async () => {
      await threeMonths()
      await store.drop(DECEMBER, [{ writer: 'proxy-1', epoch: 1, size: 301 }], [])
      const found = await kinds()
      expect(found).toContain('missing proxy-1 0')
      expect(found).toContain('truncated old 0')
    })

    test('is refused in the middle of a month, under a hold, and of a log that does not verify', async () => {
      await threeMonths()
      await expect(prune(DECEMBER + 1n)).rejects.toMatchObject({
        code: 'prune-refused',
        reason: 'not-a-month',
      })
      await expect(prune(DECEMBER, { unlessHeld: async () => false })).rejects.toMatchObject({
        reason: 'held',
      })
      await expect(prune(DECEMBER, { verifierKeys: [] })).rejects.toMatchObject({ reason: 'not-sound' })
      const away = { ...memoryAnchor(), publish: () => Promise.reject(new Error('away')) }
      await expect(prune(DECEMBER, { anchors: [away] })).rejects.toMatchObject({ reason: 'not-witnessed' })
      expect(await kinds()).toEqual([])
      expect(await reader.find('proxy-1.1.300')).not.toBeNull()
    })

    test('is refused where a tree’s older events lie behind newer ones', async () => {
      await threeMonths()
      const crossed = { ...store, cut: async () => ({ lastBefore: 5, firstAfter: 4 }) }
      await expect(prune(DECEMBER, { pruning: crossed })).rejects.toMatchObject({ reason: 'not-a-prefix' })
    })
  })

  describe('walks', () => {
    test('give the rows of the range in order, and whole batches of many pages', async () => {
      const log = await writerNamed()
      await Promise.all(
        Array.from({ length: 2_500 }, (_, i) => log.append(eventDraft({ requestId: `r${i}` }))),
      )
      const tree = { writer: 'proxy-1', epoch: 1 }
      const everything = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
      const events = await all(store.walkEvents(tree, everything))
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 2_501 }, (_, i) => i))
      const part = await all(store.walkSideRows(tree, { from: 1_000, to: 1_003 }))
      expect(part.map(({ seq, position }) => `${seq}.${position}`)).toEqual([
        '1000.0',
        '1000.1',
        '1001.0',
        '1001.1',
        '1002.0',
        '1002.1',
      ])
      expect((await all(store.walkTiles(tree))).map(({ level, index }) => `${level}.${index}`)).toHaveLength(
        9,
      )
      expect(await all(store.walkEvents({ writer: 'proxy-1', epoch: 2 }, everything))).toEqual([])
    })

    test('checkpoints are found by their size, and by the first size of a range', async () => {
      const log = await writerNamed()
      await Promise.all(Array.from({ length: 10 }, () => log.append(eventDraft())))
      const tree = { writer: 'proxy-1', epoch: 1 }
      expect((await store.checkpointsFrom(tree, 1, 9)).map(({ size }) => size)).toEqual([1, 11])
      expect((await store.checkpointsFrom(tree, 1, 1)).map(({ size }) => size)).toEqual([1])
      expect((await store.checkpointsFrom(tree, 2, 9)).map(({ size }) => size)).toEqual([11])
      expect(await store.checkpointsFrom(tree, 12, 9)).toEqual([])
      expect((await store.checkpoint(tree, 11))?.size).toBe(11)
      expect(await store.checkpoint(tree, 5)).toBeNull()
    })

    test('trees with rows are listed, whichever writer', async () => {
      await writerNamed('proxy-2')
      await writerNamed('console-1')
      const trees = await store.treesWithRows()
      expect(trees.map(({ writer }) => writer).toSorted()).toEqual(['console-1', 'proxy-2', 'top'])
      expect((await store.heads()).map(({ writer }) => writer).toSorted()).toEqual([
        'console-1',
        'proxy-2',
        'top',
      ])
    })

    test('one moment stays one moment while others append', async () => {
      const log = await writerNamed()
      await log.append(eventDraft())
      await store.atOneMoment(async (frozen) => {
        const before = await frozen.heads()
        await log.append(eventDraft())
        expect(await frozen.heads()).toEqual(before)
        expect(
          await all(frozen.walkEvents({ writer: 'proxy-1', epoch: 1 }, { from: 0, to: 9 })),
        ).toHaveLength(2)
      })
      expect((await store.head('proxy-1'))?.size).toBe(3)
    })
  })

  describe('reading', () => {
    const idsOf = async (query: Omit<EventQuery, 'limit'>): Promise<string[]> =>
      (await reader.search({ kind: 'access', ...query, limit: 100 })).events.map(({ requestId }) => requestId)

    const seeded = async (): Promise<void> => {
      const log = await writerNamed()
      const other = await writerNamed('proxy-2')
      clock.advance(1_000_000n)
      await log.append(
        eventDraft({ requestId: 'a', contract: 'c1', operator: 'op-1', ticket: 'T-1', plain: ['iban'] }),
      )
      clock.advance(1_000_000n)
      await other.append(
        eventDraft({
          requestId: 'b',
          decision: 'deny',
          purpose: 'reception',
          disclosures: [],
          plain: [],
          masked: [],
        }),
      )
      clock.advance(1_000_000n)
      await log.append(
        eventDraft({
          requestId: 'c',
          resource: 'plant',
          grant: 'G-1',
          processor: 'sud',
          disclosures: [
            { resource: 'plant', recordKey: '9', dataSubject: { kind: 'producer', id: 'P-2' } },
            { resource: 'plant', recordKey: '10', dataSubject: PRODUCER },
            { resource: 'plant', recordKey: '11', dataSubject: PRODUCER },
            { resource: 'note', recordKey: '12', dataSubject: null },
          ],
        }),
      )
    }

    test('newest first, over all writers', async () => {
      await seeded()
      expect(await idsOf({})).toEqual(['c', 'b', 'a'])
    })

    test.each<[string, Omit<EventQuery, 'limit'>, string[]]>([
      ['contract', { contract: 'c1' }, ['a']],
      ['processor', { processor: 'sud' }, ['c']],
      ['operator', { operator: 'op-1' }, ['a']],
      ['purpose', { purpose: 'reception' }, ['b']],
      ['ticket', { ticket: 'T-1' }, ['a']],
      ['grant', { grant: 'G-1' }, ['c']],
      ['request', { requestId: 'b' }, ['b']],
      ['decision', { decision: 'deny' }, ['b']],
      ['resource', { resource: 'plant' }, ['c']],
      ['field in plain', { field: 'iban' }, ['c', 'a']],
      ['time', { from: START + 1_500_000n, to: START + 2_500_000n }, ['b']],
      ['end of time, which is exclusive', { to: START + 1_000_000n }, []],
      ['data subject', { dataSubject: PRODUCER }, ['c', 'a']],
      ['another data subject', { dataSubject: { kind: 'producer', id: 'P-2' } }, ['c']],
      ['a data subject of another kind', { dataSubject: { kind: 'visitor', id: 'P-1' } }, []],
      ['record', { record: { resource: 'plant', key: '9' } }, ['c']],
      ['record of another resource', { record: { resource: 'invoice', key: '9' } }, []],
      ['two things at once', { dataSubject: PRODUCER, contract: 'c1' }, ['a']],
      ['two things that never meet', { dataSubject: PRODUCER, decision: 'deny' }, []],
    ])('finds by %s', async (_, query, expected) => {
      await seeded()
      expect(await idsOf(query)).toEqual(expected)
    })

    test('administrative acts are found by their kind', async () => {
      await seeded()
      const page = await reader.search({ kind: 'writer-started', limit: 10 })
      expect(page.events.map(({ writer }) => writer)).toEqual(['proxy-2', 'proxy-1'])
      const acts: string[] = []
      for await (const { writer } of store.acts('writer-started')) acts.push(writer)
      expect(acts).toEqual(['proxy-1', 'proxy-2'])
    })

    test('pages follow each other without gap or repetition, whatever the order of writers at one instant', async () => {
      const logs = [await writerNamed('a'), await writerNamed('b'), await writerNamed('c')]
      clock.advance(1_000_000n)
      for (const log of logs) for (let i = 0; i < 5; i++) await log.append(eventDraft())
      const seen: string[] = []
      let after: string | undefined
      for (;;) {
        const page = await reader.search({
          kind: 'access',
          limit: 4,
          ...(after === undefined ? {} : { after }),
        })
        seen.push(...page.events.map(({ id }) => id))
        if (page.next === null) break
        after = page.next
      }
      const [once] = [await reader.search({ kind: 'access', limit: 100 })]
      expect(seen).toEqual(once.events.map(({ id }) => id))
      expect(new Set(seen).size).toBe(15)
    })

    test('what only bodies tell is looked for in so many events, and gone on with from there', async () => {
      await seeded()
      const ids = async (query: Omit<EventQuery, 'limit'>) => {
        const { events, next } = await reader.search({ kind: 'access', ...query, limit: 10 })
        return [events.map(({ requestId }) => requestId), next]
      }
      const [none, next] = await ids({ contract: 'c1', lookAt: 2 })
      expect([none, next]).toEqual([[], expect.any(String)])
      expect(await ids({ contract: 'c1', lookAt: 2, after: String(next) })).toEqual([['a'], null])
      // Denied ones have an index: of those alone so many are looked at.
      expect((await ids({ decision: 'deny', purpose: 'reception', lookAt: 1 }))[0]).toEqual(['b'])
      expect((await ids({ decision: 'permit', resource: 'plant', lookAt: 1 }))[0]).toEqual(['c'])
      expect(await ids({ operator: 'op-1', lookAt: 1 })).toEqual([['a'], null])
      expect(await ids({ dataSubject: PRODUCER, contract: 'c1', lookAt: 1 })).toEqual([['a'], null])
      expect(await ids({ contract: 'c1' })).toEqual([['a'], null])
    })

    test('what comes while a page is looked for does not have the next one begin before it ended', async () => {
      await seeded()
      const writer = await writerNamed('proxy-3')
      const pushing = (read: LogReadStore): LogReadStore => ({
        ...read,
        search: async (query) => {
          const found = await read.search(query)
          for (let i = 0; i < 2; i++) {
            clock.advance(1_000_000n)
            await writer.append(eventDraft({ requestId: `later-${i}`, contract: 'c2' }))
          }
          return found
        },
        atOneMoment: (work) => read.atOneMoment((frozen) => work(pushing(frozen))),
      })
      const disturbed = openAccessLogReader({ store: pushing(store), keys })
      const asked = { kind: 'access', resource: 'plant', lookAt: 2, limit: 10 } as const
      const { events, next } = await disturbed.search(asked)
      expect(events.map(({ requestId }) => requestId)).toEqual(['c'])
      const rest = await reader.search({ ...asked, after: String(next) })
      expect(rest.events.map(({ requestId }) => requestId)).toEqual([])
    })

    test('a page that nobody ended at, and a limit out of bounds, give nothing', async () => {
      await seeded()
      expect(await reader.search({ after: 'x', limit: 5 })).toEqual({ events: [], next: null })
      expect(await reader.search({ limit: 0 })).toEqual({ events: [], next: null })
      expect(await reader.search({ limit: 501 })).toEqual({ events: [], next: null })
    })

    test('accesses of a data subject come oldest first, with their own records alone', async () => {
      await seeded()
      const accesses: [string, string[]][] = []
      for await (const { event, disclosures } of reader.accessesOf(PRODUCER)) {
        accesses.push([
          event.requestId,
          disclosures.map(({ resource, recordKey }) => `${resource} ${recordKey}`),
        ])
      }
      expect(accesses).toEqual([
        ['a', ['invoice 17']],
        ['c', ['plant 10', 'plant 11']],
      ])
    })

    test('what a data subject was shown comes back as it was, whatever its names look like', async () => {
      const log = await writerNamed()
      const names = ['a,"b"', '{}', "o'clock", '\\', 'NULL', '', ' x ', 'è 電', '%s;--', '<b>&']
      const disclosures = names.map((name) => ({
        ...{ resource: `r${name}`, recordKey: name, dataSubject: PRODUCER },
      }))
      await log.append(eventDraft({ requestId: 'a "b"', ticket: 'T,{1}', disclosures }))
      await log.append(eventDraft({ requestId: 'è', disclosures: disclosures.slice(3, 4) }))
      const found: unknown[] = []
      for await (const { event, body, disclosures: shown } of reader.accessesOf(PRODUCER)) {
        expect(await reader.find(event.id)).toEqual(event)
        expect(JSON.parse(body)).toMatchObject({ requestId: event.requestId })
        found.push([event.requestId, shown.map((one) => [one.position, one.resource, one.recordKey])])
      }
      const all = names.map((name, position) => [position, `r${name}`, name])
      expect(found).toEqual([
        ['a "b"', all],
        ['è', [[0, 'r\\', '\\']]],
      ])
    })

    test('another key finds nobody', async () => {
      await seeded()
      const stranger = openAccessLogReader({ store, keys: generateLogKeys('gse.example/varco') })
      expect((await stranger.search({ dataSubject: PRODUCER, limit: 5 })).events).toEqual([])
    })

    test('an event and its disclosures are found by its name, and unknown names find nothing', async () => {
      await seeded()
      const [c] = (await reader.search({ resource: 'plant', limit: 1 })).events
      if (c === undefined) throw new Error('not found')
      expect(await reader.find(c.id)).toEqual(c)
      expect((await reader.disclosures(c.id)).map(({ recordKey }) => recordKey)).toEqual([
        '9',
        '10',
        '11',
        '12',
      ])
      const { events } = await reader.search({ limit: 50 })
      const together = await reader.disclosuresOf(events)
      expect(together).toEqual(await Promise.all(events.map(async ({ id }) => reader.disclosures(id))))
      expect(together.flat().length).toBeGreaterThan(4)
      expect(await reader.disclosuresOf([])).toEqual([])
      for (const id of [
        '',
        'proxy-1',
        'proxy-1.1.99',
        'proxy-1.2.0',
        'x.1.0',
        'proxy-1.1.-1',
        "proxy-1.1.0'",
      ]) {
        expect(await reader.find(id)).toBeNull()
        expect(await reader.prove(asId(id))).toBeNull()
      }
    })

    test('every event of a tree of several tiles is proven to a stranger', async () => {
      const log = await writerNamed()
      await Promise.all(Array.from({ length: 700 }, () => log.append(eventDraft())))
      await log.append(eventDraft())
      const together = await reader.prover()
      for (const seq of [0, 1, 255, 256, 300, 511, 512, 699, 700, 701]) {
        const proof = await reader.prove(asId(`proxy-1.1.${seq}`))
        if (proof === null) throw new Error('not proven')
        expect(checkInclusion(proof, keys.verifier)).toMatchObject({ ok: true, event: { seq } })
        expect(await together(asId(`proxy-1.1.${seq}`))).toEqual(proof)
      }
      const { id } = await log.append(eventDraft())
      expect((await together(id))?.size, 'what came after the question').toBe('703')
      expect(await together(asId('proxy-1.1.9999'))).toBeNull()
      expect(await together(asId('nobody'))).toBeNull()
    })

    test('the state of the log is its heads', async () => {
      await seeded()
      const state = await reader.state()
      expect(state.map(({ writer, size }) => [writer, size])).toEqual([
        ['proxy-1', 3],
        ['proxy-2', 2],
        ['top', 2],
      ])
      for (const { checkpoint, size } of state) expect(checkpoint).toContain(`\n${size}\n`)
    })
  })

  test('a log of several writers, appended to in many ways, verifies', async () => {
    const anchor = memoryAnchor()
    for (const name of ['a', 'b']) {
      const log = await openAccessLog({ store, keys, clock, writer: asId<WriterId>(name), anchors: [anchor] })
      await Promise.all(Array.from({ length: 600 }, (_, i) => log.append(eventDraft({ requestId: `r${i}` }))))
      for (let i = 0; i < 5; i++) await log.append(eventDraft({ filters: [], disclosures: [] }))
      await log[Symbol.asyncDispose]()
    }
    await appendOnce({ store, keys, clock, writer: 'b' }, eventDraft())
    const verdict = await verifyLog({ store, verifierKeys: [keys.verifier], anchors: [anchor] })
    expect(verdict.findings).toEqual([])
    expect(verdict).toMatchObject({ ok: true, events: 1_215, disclosures: 2_402 })
  })
}

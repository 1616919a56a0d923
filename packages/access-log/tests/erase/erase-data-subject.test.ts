import {
  eraseDataSubject,
  generateLogKeys,
  openAccessLog,
  openAccessLogReader,
  verifyLog,
  type Erasure,
  type HeldEvidence,
} from '@varco/access-log'
import { eventDraft, memoryAnchor, memoryLogStore } from '@varco/access-log/testing'
import { asId, type DataSubjectRef, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { beforeEach, describe, expect, test } from 'vitest'

const keys = generateLogKeys('gse.example/varco')
const ANNA: DataSubjectRef = { kind: 'producer', id: 'ANNA' }
const BRUNO: DataSubjectRef = { kind: 'producer', id: 'BRUNO' }
let store = memoryLogStore()
let anchor = memoryAnchor()
const clock = new ManualClock(1_795_500_000_000_000n)

beforeEach(async () => {
  store = memoryLogStore()
  anchor = memoryAnchor()
  await using log = await openAccessLog({
    store,
    keys,
    clock,
    writer: asId<WriterId>('proxy-1'),
    anchors: [anchor],
  })
  const record = (recordKey: string, dataSubject: DataSubjectRef) => ({
    resource: 'invoice',
    recordKey,
    dataSubject,
  })
  await log.append(eventDraft({ requestId: 'anna', disclosures: [record('1', ANNA), record('2', ANNA)] }))
  await log.append(eventDraft({ requestId: 'both', disclosures: [record('1', ANNA), record('3', BRUNO)] }))
  await log.append(eventDraft({ requestId: 'bruno', disclosures: [record('3', BRUNO)] }))
})

const erase = (dataSubject = ANNA, held: readonly HeldEvidence[] = []): Promise<Erasure> =>
  eraseDataSubject({
    ...{ minded: [], held },
    ...{ store, reading: store, keys, clock, anchors: [anchor], writer: 'retention-1' },
    ...{
      dataSubject,
      requestId: 'erasure-1',
      operator: 'dpo-1',
      approver: 'dpo-2',
      reason: 'GDPR Art. 17, request 12',
    },
  })

const kinds = async (): Promise<string[]> => {
  // The erasure's own tree is vouched for by its registration.
  const { findings } = await verifyLog({ store, verifierKeys: [keys.verifier], anchors: [anchor] })
  return findings.map(({ kind, seq }) => `${kind} ${seq}`)
}

const recordsOf = async (dataSubject: DataSubjectRef): Promise<string[]> => {
  const found: string[] = []
  for await (const { event, disclosures } of openAccessLogReader({ store, keys }).accessesOf(dataSubject)) {
    found.push(...disclosures.map(({ recordKey }) => `${event.requestId} ${recordKey}`))
  }
  return found
}

describe('erasing a data subject', () => {
  test('removes their side rows and the salts of the filters, and the log still verifies', async () => {
    expect(await erase()).toEqual({ rows: 5, events: ['retention-1.1.0'], putOff: 0 })
    expect(await recordsOf(ANNA)).toEqual([])
    expect(await kinds()).toEqual([])
  })

  test('leaves those of others, in the same events too', async () => {
    await erase()
    expect(await recordsOf(BRUNO)).toEqual(['both 3', 'bruno 3'])
  })

  test('is an event that says nothing of whose data it was', async () => {
    await erase()
    const event = await openAccessLogReader({ store, keys }).find('retention-1.1.0')
    expect(event).toMatchObject({
      kind: 'disclosures-erased',
      operator: 'dpo-1',
      detail: { reason: 'GDPR Art. 17, request 12', approver: 'dpo-2' },
    })
    expect(JSON.stringify(event?.detail)).not.toContain('ANNA')
  })

  test('done again, or for nobody, does nothing', async () => {
    await erase()
    expect(await erase()).toEqual({ rows: 0, events: [], putOff: 0 })
    expect(await erase({ kind: 'producer', id: 'NOBODY' })).toEqual({ rows: 0, events: [], putOff: 0 })
  })

  test('one after the other, over the same events', async () => {
    await erase(ANNA)
    await erase(BRUNO)
    expect(await recordsOf(BRUNO)).toEqual([])
    expect(await kinds()).toEqual([])
  })

  test('of more rows than one transaction takes is several events', async () => {
    await using log = await openAccessLog({
      store,
      keys,
      clock,
      writer: asId<WriterId>('proxy-1'),
      anchors: [anchor],
    })
    const disclosures = Array.from({ length: 1_200 }, (_, i) => ({
      resource: 'invoice',
      recordKey: `${i}`,
      dataSubject: ANNA,
    }))
    await log.append(eventDraft({ disclosures }))
    await log[Symbol.asyncDispose]()
    const { rows, events } = await erase()
    expect(rows).toBe(1_206)
    expect(events).toHaveLength(3)
    expect(await kinds()).toEqual([])
  })
})

describe('what an erasure does not cover', () => {
  test('side rows hidden without one', async () => {
    const tree = store.trees.find(({ writer }) => writer === 'proxy-1')
    if (tree === undefined) throw new Error('no tree')
    tree.sideRows = tree.sideRows.filter(({ seq }) => seq !== 2)
    expect(await kinds()).toEqual(['side-row-missing 2'])
  })

  test('more side rows hidden than it lists', async () => {
    await erase()
    const tree = store.trees.find(({ writer }) => writer === 'proxy-1')
    if (tree === undefined) throw new Error('no tree')
    tree.sideRows = tree.sideRows.filter(({ seq }) => seq !== 2)
    expect(await kinds()).toEqual(['side-row-missing 2'])
  })

  test('rows that come back, as from a backup', async () => {
    const before = structuredClone(store.trees.find(({ writer }) => writer === 'proxy-1')?.sideRows ?? [])
    await erase()
    const tree = store.trees.find(({ writer }) => writer === 'proxy-1')
    if (tree === undefined) throw new Error('no tree')
    tree.sideRows = before
    expect(await kinds()).toEqual(['erased-row-present 1', 'erased-row-present 2'])
    tree.sideRows = before.filter(({ seq, position }) => seq !== 1 || position !== 0)
    expect(await kinds()).toEqual(['erased-row-present 1', 'erased-row-present 2'])
  })

  test('other rows put in the place of those that remain', async () => {
    await erase()
    const tree = store.trees.find(({ writer }) => writer === 'proxy-1')
    if (tree === undefined) throw new Error('no tree')
    tree.sideRows = tree.sideRows.map((row) =>
      row.seq === 2 && row.resource !== null ? { ...row, recordKey: '99' } : row,
    )
    expect(await kinds()).toEqual(['side-row-changed 2'])
  })
})

import {
  generateLogKeys,
  heartbeat,
  openAccessLog,
  verifyLog,
  witnessAnchor,
  type Anchor,
  type LogVerdict,
} from '@varco/access-log'
import { eventDraft, memoryAnchor, memoryLogStore } from '@varco/access-log/testing'
import { asId, ConfigError, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { testWitness } from './test-witness.ts'

const keys = generateLogKeys('gse.example/varco')
let store = memoryLogStore()
let clock = new ManualClock(1_795_500_000_000_000n)
let keep = memoryAnchor()
let witness = testWitness(keys.verifier)
let anchor: Anchor
let beats = 0

const anchorOf = (): Anchor =>
  witnessAnchor({
    ...{
      url: 'https://witness.example',
      verifierKey: witness.verifierKey,
      origin: keys.origin,
      reading: store,
    },
    ...{ keep, fetch: witness.fetch },
  })

beforeEach(async () => {
  store = memoryLogStore()
  clock = new ManualClock(1_795_500_000_000_000n)
  keep = memoryAnchor()
  witness = testWitness(keys.verifier)
  anchor = anchorOf()
  await using log = await openAccessLog({
    store,
    keys,
    clock,
    writer: asId<WriterId>('proxy-1'),
    anchors: [anchor],
  })
  await log.append(eventDraft())
})

const beat = (): Promise<void> =>
  heartbeat({ store, reading: store, keys, clock, anchors: [anchor], newRequestId: () => `beat-${beats++}` })
const verified = (): Promise<LogVerdict> =>
  verifyLog({ store, verifierKeys: [keys.verifier], anchors: [anchor] })

describe('a witness', () => {
  test('cosigns each heartbeat after the proof that it continues the last, and vouches for every tree', async () => {
    for (let i = 0; i < 5; i++) await beat()
    expect(witness.seen.get('gse.example/varco')?.size).toBe(6)
    expect(witness.requests.every((url) => url === 'https://witness.example/add-checkpoint')).toBe(true)
    expect(await verified()).toMatchObject({ ok: true })
    expect(
      (await anchor.latest('gse.example/varco'))?.split('\n').filter((line) => line.startsWith('—')),
    ).toHaveLength(2)
  })

  test('is given the top tree alone', async () => {
    await beat()
    expect([...witness.seen.keys()]).toEqual(['gse.example/varco'])
  })

  test('whose answer was lost is asked what it remembers', async () => {
    witness.losesAnswers = true
    await expect(beat()).rejects.toThrow('lost')
    witness.losesAnswers = false
    await beat()
    expect(await verified()).toMatchObject({ ok: true })
  })

  test('goes on when the file of cosigned checkpoints was lost', async () => {
    await beat()
    keep.notes.splice(0)
    await beat()
    expect(await verified()).toMatchObject({ ok: true })
  })

  test('refuses another history', async () => {
    await beat()
    store.trees.splice(0)
    await expect(
      heartbeat({ store, reading: store, keys, clock, anchors: [anchorOf()], newRequestId: () => 'fork' }),
    ).rejects.toMatchObject({ code: 'log-rolled-back' })
    keep.notes.splice(0)
    await expect(beat()).rejects.toMatchObject({ code: 'witness-refused', status: 409 })
  })

  test('whose cosignature is of another text does not count', async () => {
    witness.lies = true
    const before = keep.notes.length
    await expect(beat()).rejects.toMatchObject({ code: 'witness-refused', status: 200 })
    expect(keep.notes.length).toBe(before)
  })

  test('is not believed in a file that lost its cosignature', async () => {
    const note = keep.notes.at(-1) ?? ''
    keep.notes.push(`${note.split('\n').slice(0, -2).join('\n')}\n`)
    expect((await verified()).findings.map(({ kind }) => kind)).toContain('bad-anchor')
  })

  test('that the log is behind of is a finding', async () => {
    await beat()
    const top = store.trees.find(({ writer }) => writer === 'top')
    const backup = structuredClone(top)
    await beat()
    if (top === undefined || backup === undefined) throw new Error('no top tree')
    Object.assign(top, backup)
    expect((await verified()).findings.map(({ kind, writer }) => `${kind} ${writer}`)).toEqual([
      'behind-anchor top',
    ])
  })
})

test('a key that is not for cosignatures is refused', () => {
  const options = { url: 'https://witness.example', origin: keys.origin, reading: store, keep }
  expect(() => witnessAnchor({ ...options, verifierKey: keys.verifier })).toThrow(ConfigError)
  expect(() => witnessAnchor({ ...options, verifierKey: 'x' })).toThrow(ConfigError)
})

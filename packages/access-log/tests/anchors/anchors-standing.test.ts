import { anchorsStanding, generateLogKeys, heartbeat, openAccessLog, type Anchor } from '@varco/access-log'
import { eventDraft, memoryAnchor, memoryLogStore } from '@varco/access-log/testing'
import { asId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { expect, test } from 'vitest'

async function written(events: number) {
  const store = memoryLogStore()
  const keys = generateLogKeys('gse.example/varco')
  const clock = new ManualClock(1_790_000_000_000_000n)
  const anchor = memoryAnchor()
  await using log = await openAccessLog({ store, keys, clock, writer: asId('proxy-1'), anchors: [anchor] })
  for (let i = 0; i < events; i++) await log.append(eventDraft())
  return { store, keys, anchor, clock }
}

/** The first checkpoint of each tree, and never another. */
function firstOf(notes: readonly string[]): Anchor['latest'] {
  return async (origin) => notes.find((note) => note.startsWith(`${origin}\n`)) ?? null
}

test('an anchor that has everything is behind by nothing; one that lags, by what it has not seen', async () => {
  const { store, keys, anchor } = await written(3)
  const verifierKeys = [keys.verifier]
  const late = { ...anchor, name: 'late', latest: firstOf(anchor.notes) }
  const standings = await anchorsStanding({ store, anchors: [anchor, late], verifierKeys })
  expect(standings).toMatchObject([
    { name: 'memory', of: 'events', behind: 0, trouble: null },
    { name: 'late', of: 'events', trouble: null },
  ])
  expect(standings[1]?.behind).toBeGreaterThan(0)
})

test('a log that is shorter than what an anchor remembers was cut', async () => {
  const { store, keys, anchor } = await written(3)
  const heads = await store.heads()
  const shorter = { heads: async () => heads.map((head) => ({ ...head, size: head.size - 1 })) }
  const [standing] = await anchorsStanding({
    store: shorter,
    anchors: [anchor],
    verifierKeys: [keys.verifier],
  })
  expect(standing?.trouble).toBe('cut')
})

test('what no key of the log signed is worth nothing, and nothing remembered is told', async () => {
  const { store, keys, anchor } = await written(1)
  const other = generateLogKeys('gse.example/varco')
  expect(await anchorsStanding({ store, anchors: [anchor], verifierKeys: [other.verifier] })).toMatchObject([
    { trouble: 'broken' },
  ])
  expect(
    await anchorsStanding({ store, anchors: [memoryAnchor()], verifierKeys: [keys.verifier] }),
  ).toMatchObject([{ trouble: 'empty' }])
})

test('an anchor of the top tree alone is behind by its entries', async () => {
  const { store, keys, anchor, clock } = await written(1)
  const options = { store, reading: store, keys, clock, anchors: [anchor], newRequestId: () => 'r-1' }
  await heartbeat(options)
  const top = {
    ...anchor,
    name: 'witness',
    latest: async (origin: string) => (origin === keys.origin ? anchor.latest(origin) : null),
  }
  expect(await anchorsStanding({ store, anchors: [top], verifierKeys: [keys.verifier] })).toMatchObject([
    { name: 'witness', of: 'checkpoints', behind: 0, trouble: null },
  ])
})

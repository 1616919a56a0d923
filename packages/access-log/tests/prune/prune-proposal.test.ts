import {
  appendOnce,
  approvePrune,
  generateLogKeys,
  openAccessLogReader,
  openPruneProposal,
  PRUNE_APPROVALS,
  proposePrune,
  type AccessLog,
  type LogReadStore,
  type ProposalReading,
} from '@varco/access-log'
import { memoryLogStore } from '@varco/access-log/testing'
import { isoToMicros, type Micros } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { beforeEach, expect, test } from 'vitest'
import { actDraft } from '../../src/act-draft.ts'

/* What two people agree to, told by the log alone. */

const MONTH = isoToMicros('2023-12-01T00:00:00Z') ?? 0n
const RULE = 'log ceiling P36M: Art. 5'
const keys = generateLogKeys('gse.example/varco')

let store: ReturnType<typeof memoryLogStore>
let log: AccessLog

beforeEach(() => {
  store = memoryLogStore()
  const access = { store, keys, clock: new ManualClock(1_796_083_200_000_000n), writer: 'scheduler' }
  log = { append: (draft) => appendOnce(access, draft) }
})

const newRequestId = (): string => 'r-1'
const proposals = (reading: LogReadStore): ProposalReading => {
  const reader = openAccessLogReader({ store: reading, keys })
  return { reading, prove: (id) => reader.prove(id), verifierKeys: [keys.verifier] }
}
const propose = (before: Micros = MONTH) =>
  proposePrune({ log, newRequestId }, { before, rule: RULE, by: 'SCHEDULER' })
const agree = (proposal: string, by: string) =>
  approvePrune({ ...proposals(store), log, newRequestId }, { proposal, by })
const pruned = (before: string) =>
  log.append(actDraft('log-pruned', { requestId: 'r-2', operator: 'ADM-1', detail: { before } }))

test('a proposal stands until two people have agreed and the prune is done', async () => {
  expect(await openPruneProposal(proposals(store))).toBeNull()
  const proposal = await propose()
  expect(proposal).toMatchObject({ before: MONTH, rule: RULE, proposedBy: 'SCHEDULER', approvals: [] })
  expect(await openPruneProposal(proposals(store))).toEqual(proposal)
  expect(await agree(proposal.id, 'ADM-1')).toEqual({ ...proposal, approvals: ['ADM-1'] })
  expect(await agree(proposal.id, 'DPO-1')).toMatchObject({ approvals: ['ADM-1', 'DPO-1'] })
  expect((await openPruneProposal(proposals(store)))?.approvals).toHaveLength(PRUNE_APPROVALS)
  await pruned('2023-11-01T00:00:00.000000Z')
  expect(await openPruneProposal(proposals(store))).not.toBeNull()
  await pruned('2023-12-01T00:00:00.000000Z')
  expect(await openPruneProposal(proposals(store))).toBeNull()
  expect(await agree(proposal.id, 'DPO-2')).toBe('unknown')
})

test('nobody agrees twice, under a name spelt otherwise either, and not whoever proposed', async () => {
  const { id } = await propose()
  expect(await agree(id, 'scheduler')).toBe('same-person')
  await agree(id, 'ADM-1')
  expect(await agree(id, 'adm‐1')).toBe('same-person')
  await agree(id, 'DPO-1')
  expect(await agree(id, 'DPO-2')).toBe('approved')
  expect(await agree('scheduler.1.999', 'DPO-2')).toBe('unknown')
})

test('approvals count for the proposal that they name, each person once', async () => {
  const first = await propose()
  await agree(first.id, 'ADM-1')
  const next = await propose(MONTH + 2_678_400_000_000n)
  expect(next.id).not.toBe(first.id)
  expect(await openPruneProposal(proposals(store))).toEqual(next)
  expect(await agree(first.id, 'DPO-1')).toBe('unknown')
  // Written past the refusals, twice by one person, once by the proposer, once by nobody.
  for (const operator of ['ADM-1', 'ADM-1', 'SCHEDULER', null])
    await log.append(
      actDraft('log-prune-approved', { requestId: 'r-3', operator, detail: { proposal: next.id } }),
    )
  expect((await openPruneProposal(proposals(store)))?.approvals).toEqual(['ADM-1'])
})

test('what a database tells here alone counts for nothing: every event must be in the log', async () => {
  const { id } = await propose()
  await agree(id, 'ADM-1')
  const [genuine] = await store.search({ kind: 'log-prune-approved', limit: 1 })
  const [proposed] = await store.search({ kind: 'log-prune-proposed', limit: 1 })
  if (genuine === undefined || proposed === undefined) throw new Error('both were recorded')
  const lying = (told: Partial<Record<string, readonly (typeof genuine)[]>>): LogReadStore => {
    const found = Object.values(told).flatMap((rows) => rows ?? [])
    return {
      ...store,
      search: async (query) => told[query.kind ?? ''] ?? (await store.search(query)),
      find: async (tree, seq) => found.find((row) => row.seq === seq) ?? (await store.find(tree, seq)),
    }
  }
  const forged = (from: typeof genuine, seq: number, was: string, is: string): typeof genuine => ({
    ...from,
    seq,
    body: from.body.replace(was, is).replace(`"seq":"${from.seq}"`, `"seq":"${seq}"`),
  })
  for (const seq of [0, 1, 2, 3, 999]) {
    const approval = forged(genuine, seq, 'ADM-1', 'DPO-1')
    const database = lying({ 'log-prune-approved': [approval, genuine] })
    await expect(openPruneProposal(proposals(database)), String(seq)).rejects.toThrow('verify it')
  }
  const later = lying({ 'log-prune-proposed': [forged(proposed, proposed.seq, '2023-12', '2024-12')] })
  await expect(openPruneProposal(proposals(later))).rejects.toThrow('verify it')
  // By another key than the log's.
  const reading = { ...proposals(store), verifierKeys: [generateLogKeys('gse.example/varco').verifier] }
  await expect(openPruneProposal(reading)).rejects.toThrow('is not in the log')
  expect(await openPruneProposal(proposals(lying({})))).toMatchObject({ approvals: ['ADM-1'] })
})

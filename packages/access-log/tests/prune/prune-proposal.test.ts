import {
  appendOnce,
  approvePrune,
  generateLogKeys,
  openPruneProposal,
  PRUNE_APPROVALS,
  proposePrune,
  type AccessLog,
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
const propose = (before: Micros = MONTH) =>
  proposePrune({ log, newRequestId }, { before, rule: RULE, by: 'SCHEDULER' })
const agree = (proposal: string, by: string) =>
  approvePrune({ log, reading: store, newRequestId }, { proposal, by })
const pruned = (before: string) =>
  log.append(actDraft('log-pruned', { requestId: 'r-2', operator: 'ADM-1', detail: { before } }))

test('a proposal stands until two people have agreed and the prune is done', async () => {
  expect(await openPruneProposal(store)).toBeNull()
  const proposal = await propose()
  expect(proposal).toMatchObject({ before: MONTH, rule: RULE, proposedBy: 'SCHEDULER', approvals: [] })
  expect(await openPruneProposal(store)).toEqual(proposal)
  expect(await agree(proposal.id, 'ADM-1')).toEqual({ ...proposal, approvals: ['ADM-1'] })
  expect(await agree(proposal.id, 'DPO-1')).toMatchObject({ approvals: ['ADM-1', 'DPO-1'] })
  expect((await openPruneProposal(store))?.approvals).toHaveLength(PRUNE_APPROVALS)
  await pruned('2023-11-01T00:00:00.000000Z')
  expect(await openPruneProposal(store)).not.toBeNull()
  await pruned('2023-12-01T00:00:00.000000Z')
  expect(await openPruneProposal(store)).toBeNull()
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
  expect(await openPruneProposal(store)).toEqual(next)
  expect(await agree(first.id, 'DPO-1')).toBe('unknown')
  // Written past the refusals, twice by one person, once by the proposer, once by nobody.
  for (const operator of ['ADM-1', 'ADM-1', 'SCHEDULER', null])
    await log.append(
      actDraft('log-prune-approved', { requestId: 'r-3', operator, detail: { proposal: next.id } }),
    )
  expect((await openPruneProposal(store))?.approvals).toEqual(['ADM-1'])
})

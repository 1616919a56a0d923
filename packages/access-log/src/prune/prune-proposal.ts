import { isoToMicros, mayBeSamePerson, microsToIso, type EventId, type Micros } from '@varco/core'
import { actDraft } from '../act-draft.ts'
import type { AccessLog } from '../event.ts'
import { decodeEvent } from '../stored-event.ts'
import type { StoredEvent } from '../reader.ts'
import type { LogReadStore } from '../store/log-read-store.ts'

/** A prune that somebody asks for and two others are to agree to. It stands in the log and nowhere else. */
export interface PruneProposal {
  /** Name of the event that proposes it. */
  readonly id: EventId
  /** Everything older is to go: the beginning of a month, UTC. */
  readonly before: Micros
  readonly rule: string
  readonly proposedBy: string
  /** Who has agreed, each once. */
  readonly approvals: readonly string[]
}

export const PRUNE_APPROVALS = 2

export type ProposalRefusal = 'unknown' | 'same-person' | 'approved'

export interface ProposalAccess {
  readonly log: AccessLog
  readonly reading: Pick<LogReadStore, 'search'>
  readonly newRequestId: () => string
}

/** The newest proposal, until a prune has gone as far. */
export async function openPruneProposal(
  reading: Pick<LogReadStore, 'search'>,
): Promise<PruneProposal | null> {
  const proposed = await newest(reading, 'log-prune-proposed')
  if (proposed === null) return null
  const before = momentOf(proposed)
  const pruned = await newest(reading, 'log-pruned')
  if (before === null || (momentOf(pruned) ?? 0n) >= before) return null
  const { id, operator, detail } = proposed
  return {
    ...{ id, before, proposedBy: operator ?? '', rule: textOf(detail?.['rule']) },
    approvals: await approvalsOf(reading, proposed),
  }
}

/** Records that months should go; nothing goes by it before two people have agreed. */
export async function proposePrune(
  { log, newRequestId }: Pick<ProposalAccess, 'log' | 'newRequestId'>,
  { before, rule, by }: { readonly before: Micros; readonly rule: string; readonly by: string },
): Promise<PruneProposal> {
  const detail = { before: microsToIso(before), rule }
  const { id } = await log.append(
    actDraft('log-prune-proposed', { requestId: newRequestId(), operator: by, detail }),
  )
  return { id, before, rule, proposedBy: by, approvals: [] }
}

/** Agrees to the open proposal; refused to whoever proposed it or has agreed already. */
export async function approvePrune(
  { log, reading, newRequestId }: ProposalAccess,
  { proposal: id, by }: { readonly proposal: string; readonly by: string },
): Promise<PruneProposal | ProposalRefusal> {
  const proposal = await openPruneProposal(reading)
  if (proposal === null || proposal.id !== id) return 'unknown'
  const { proposedBy, approvals } = proposal
  if (approvals.length >= PRUNE_APPROVALS) return 'approved'
  if ([proposedBy, ...approvals].some((other) => mayBeSamePerson(other, by))) return 'same-person'
  await log.append(
    actDraft('log-prune-approved', { requestId: newRequestId(), operator: by, detail: { proposal: id } }),
  )
  return { ...proposal, approvals: [...approvals, by] }
}

/** Approvals are few: whoever agrees twice is refused. More than these only somebody writes who rules the database. */
const MOST_APPROVALS = 100

async function approvalsOf(
  reading: Pick<LogReadStore, 'search'>,
  proposed: StoredEvent,
): Promise<readonly string[]> {
  const found = await reading.search({ kind: 'log-prune-approved', limit: MOST_APPROVALS })
  const approvals: string[] = []
  for (const { operator, detail } of found.map(({ body }) => decodeEvent(body)).toReversed()) {
    if (operator === null || detail?.['proposal'] !== proposed.id) continue
    if (![textOf(proposed.operator), ...approvals].some((other) => mayBeSamePerson(other, operator)))
      approvals.push(operator)
  }
  return approvals
}

async function newest(
  reading: Pick<LogReadStore, 'search'>,
  kind: 'log-prune-proposed' | 'log-pruned',
): Promise<StoredEvent | null> {
  const [found] = await reading.search({ kind, limit: 1 })
  return found === undefined ? null : decodeEvent(found.body)
}

function momentOf(event: StoredEvent | null): Micros | null {
  return isoToMicros(textOf(event?.detail?.['before']))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

import {
  InvariantError,
  isoToMicros,
  mayBeSamePerson,
  microsToIso,
  type EventId,
  type Micros,
} from '@varco/core'
import { actDraft } from '../act-draft.ts'
import type { AccessLog } from '../event.ts'
import type { AccessLogReader, StoredEvent } from '../reader.ts'
import type { LogReadStore } from '../store/log-read-store.ts'
import { decodeEvent } from '../stored-event.ts'
import { inclusionChecker } from '../verify/check-inclusion.ts'
import { lastPrune } from './last-prune.ts'

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

/** What a proposal is found by, and held against the log's signature. */
export interface ProposalReading {
  readonly reading: Pick<LogReadStore, 'search'>
  readonly prove: AccessLogReader['prove']
  readonly verifierKeys: readonly string[]
}

export interface ProposalAccess extends ProposalReading {
  readonly log: AccessLog
  readonly newRequestId: () => string
}

/**
 * The newest proposal, until a prune has gone as far. It and its approvals are each proven to be in the log: a database that
 * shows them here alone, and not to the verification before the prune, must not have months go in others' names.
 * @throws InvariantError when one of them is not in the log
 */
export async function openPruneProposal(access: ProposalReading): Promise<PruneProposal | null> {
  const { reading } = access
  const [found] = await reading.search({ kind: 'log-prune-proposed', limit: 1 })
  if (found === undefined) return null
  const proposed = decodeEvent(found.body)
  const before = isoToMicros(textOf(proposed.detail?.['before']))
  const pruned = await lastPrune(reading)
  if (before === null || (pruned !== null && pruned.before >= before)) return null
  const { id, operator, detail } = proposed
  const approved = await approvalsOf(reading, proposed)
  await assertInLog(access, [{ id, body: found.body }, ...approved])
  return {
    ...{ id, before, proposedBy: operator ?? '', rule: textOf(detail?.['rule']) },
    approvals: approved.map(({ by }) => by),
  }
}

async function assertInLog(
  { prove, verifierKeys }: ProposalReading,
  events: readonly { readonly id: EventId; readonly body: string }[],
): Promise<void> {
  const check = inclusionChecker(verifierKeys.join('\n'))
  for (const { id, body } of events) {
    const proof = await prove(id)
    if (proof?.body !== body || !check(proof).ok)
      throw new InvariantError(
        'a proposal to prune the log, or an approval of it, is not in the log; verify it',
      )
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
  access: ProposalAccess,
  { proposal: id, by }: { readonly proposal: string; readonly by: string },
): Promise<PruneProposal | ProposalRefusal> {
  const { log, newRequestId } = access
  const proposal = await openPruneProposal(access)
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

interface Approval {
  readonly id: EventId
  readonly by: string
  readonly body: string
}

async function approvalsOf(
  reading: Pick<LogReadStore, 'search'>,
  proposed: StoredEvent,
): Promise<readonly Approval[]> {
  const found = await reading.search({ kind: 'log-prune-approved', limit: MOST_APPROVALS })
  const approvals: Approval[] = []
  for (const { body } of found.toReversed()) {
    const { id, operator, detail } = decodeEvent(body)
    if (operator === null || detail?.['proposal'] !== proposed.id) continue
    const others = [textOf(proposed.operator), ...approvals.map(({ by }) => by)]
    if (!others.some((other) => mayBeSamePerson(other, operator))) approvals.push({ id, by: operator, body })
  }
  return approvals
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

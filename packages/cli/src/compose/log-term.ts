import { randomUUID } from 'node:crypto'
import {
  finishPrune,
  lastPrune,
  openPruneProposal,
  PRUNE_APPROVALS,
  pruneAllBefore,
  pruneBefore,
  pruneLog,
  PruneRefusedError,
  proposePrune,
  verifiersOf,
  type AccessLog,
  type ProposalReading,
  type PruneProposal,
} from '@varco/access-log'
import { microsToIso, type Diagnostics, type Micros, type Pseudonym } from '@varco/core'
import { openRetentionStore } from '@varco/postgres'
import { logCeiling } from '@varco/retention'
import { unlessMonthsHeld } from './held-months.ts'
import { logHoldsIn } from './overdue-retention.ts'
import type { Services } from './services.ts'

/** Recomputing a whole log takes minutes: what was refused is tried again the next day. */
const AGAIN_AFTER: Micros = 86_400_000_000n

type LogTermServices = Pick<
  Services,
  'logStore' | 'reader' | 'keys' | 'clock' | 'anchors' | 'policy' | 'databases'
>

/** What proposals of the installation's log are found by, and held against its signature. */
export function proposalReading({
  logStore,
  reader,
  keys,
}: Pick<Services, 'logStore' | 'reader' | 'keys'>): ProposalReading {
  const verifierKeys = verifiersOf(keys.log)
  return { reading: logStore, prove: (id) => reader.prove(id), verifierKeys }
}

/**
 * Keeps the log's own term: when it holds what is past the bundle's ceiling, a prune of those months is proposed, and carried out once
 * two people have agreed to it, and finished where it was broken off. What the floor protects, or the ceiling no longer asks for, is
 * neither proposed nor pruned.
 * @param by in whose name; nobody can log in as it
 * @param stop breaks off a prune that is not recorded yet: the next process begins anew
 */
export function logTerm(
  services: LogTermServices,
  {
    log,
    by,
    diagnostics,
    stop,
  }: {
    readonly log: AccessLog
    readonly by: Pseudonym
    readonly diagnostics: Diagnostics
    readonly stop: AbortSignal
  },
): () => Promise<void> {
  const { logStore, reader, keys, clock, anchors, policy, databases } = services
  const logHolds = logHoldsIn(reader)
  const proposals = proposalReading(services)
  const unlessHeld = unlessMonthsHeld(reader, openRetentionStore(databases.state))
  const pruning = { reading: logStore, pruning: logStore, unlessHeld }
  /** Up to where it is known that what was pruned is gone. */
  let finished: Micros = 0n
  let notBefore: Micros = 0n

  const orAnotherDay = async (before: Micros, work: () => Promise<void>): Promise<void> => {
    if (clock.now() < notBefore) return
    try {
      await work()
    } catch (error) {
      if (error === stop.reason) return
      if (!(error instanceof PruneRefusedError)) throw error
      notBefore = clock.now() + AGAIN_AFTER
      diagnostics.error('the log could not be pruned', { before: microsToIso(before), why: error.reason })
    }
  }
  const finishLast = async (): Promise<void> => {
    const before = (await lastPrune(logStore))?.before ?? 0n
    if (before <= finished) return
    if (await logHolds(before))
      await orAnotherDay(before, async () => {
        if (await finishPrune(pruning))
          diagnostics.info('a prune of the log was finished', { before: microsToIso(before) })
        finished = before
      })
    else finished = before
  }
  const carryOut = ({ before, rule, approvals }: PruneProposal): Promise<void> =>
    orAnotherDay(before, async () => {
      const { trees } = await pruneLog({
        ...{ ...pruning, store: logStore, keys: keys.log, clock, anchors, before },
        ...{ rule, approver: approvals.join(', '), operator: by, newRequestId: randomUUID },
        verifierKeys: proposals.verifierKeys,
        ...{ scanner: logStore.scanner(), stop },
      })
      diagnostics.info('the log was pruned', { before: microsToIso(before), trees: trees.length })
    })

  return async () => {
    await finishLast()
    const now = clock.now()
    const { floor, ceiling, because } = policy.current().document.varco.log
    const past = logCeiling(policy.current(), now)
    const [wanted, latest] = [pruneAllBefore(past), pruneBefore(now, floor)]
    const before = wanted < latest ? wanted : latest
    const open = await openPruneProposal(proposals)
    // One that a longer floor or ceiling has overtaken stands in nobody's way.
    if (open !== null && open.before <= before) {
      if (open.approvals.length >= PRUNE_APPROVALS) await carryOut(open)
      return
    }
    if (!(await logHolds(past < before ? past : before))) return
    const rule = `log ceiling ${ceiling}: ${because.trim()}`
    await proposePrune({ log, newRequestId: randomUUID }, { before, rule, by })
    diagnostics.warn('a prune of the log waits for approval', { before: microsToIso(before) })
  }
}

import { randomUUID } from 'node:crypto'
import {
  openPruneProposal,
  PRUNE_APPROVALS,
  pruneAllBefore,
  pruneBefore,
  pruneLog,
  PruneRefusedError,
  proposePrune,
  type AccessLog,
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

/**
 * Keeps the log's own term: when it holds what is past the bundle's ceiling, a prune of those months is proposed, and carried out once
 * two people have agreed to it. The floor comes first: what it protects is neither proposed nor pruned.
 * @param by in whose name; nobody can log in as it
 */
export function logTerm(
  { logStore, reader, keys, clock, anchors, policy, databases }: LogTermServices,
  {
    log,
    by,
    diagnostics,
  }: { readonly log: AccessLog; readonly by: Pseudonym; readonly diagnostics: Diagnostics },
): () => Promise<void> {
  const logHolds = logHoldsIn(reader)
  const holds = openRetentionStore(databases.state)
  let notBefore: Micros = 0n

  const carryOut = async ({ before, rule, approvals }: PruneProposal): Promise<void> => {
    try {
      const { trees } = await pruneLog({
        ...{ store: logStore, reading: logStore, pruning: logStore, keys: keys.log, clock, anchors, before },
        unlessHeld: unlessMonthsHeld(reader, holds),
        ...{ rule, approver: approvals.join(', '), operator: by, newRequestId: randomUUID },
        verifierKeys: [keys.log.verifier, ...keys.log.former],
        scanner: logStore.scanner(),
      })
      diagnostics.info('the log was pruned', { before: microsToIso(before), trees: trees.length })
    } catch (error) {
      if (!(error instanceof PruneRefusedError)) throw error
      notBefore = clock.now() + AGAIN_AFTER
      diagnostics.error('the log could not be pruned', { before: microsToIso(before), why: error.reason })
    }
  }

  return async () => {
    const now = clock.now()
    const { floor, ceiling, because } = policy.current().document.varco.log
    const latest = pruneBefore(now, floor)
    const open = await openPruneProposal(logStore)
    // One that a longer floor has overtaken stands in nobody's way.
    if (open !== null && open.before <= latest) {
      if (open.approvals.length >= PRUNE_APPROVALS && now >= notBefore) await carryOut(open)
      return
    }
    const past = logCeiling(policy.current(), now)
    const wanted = pruneAllBefore(past)
    const before = wanted < latest ? wanted : latest
    if (!(await logHolds(past < before ? past : before))) return
    const rule = `log ceiling ${ceiling}: ${because.trim()}`
    await proposePrune({ log, newRequestId: randomUUID }, { before, rule, by })
    diagnostics.warn('a prune of the log waits for approval', { before: microsToIso(before) })
  }
}

import { actDraft, type AccessLog, type DisclosureDraft } from '@varco/access-log'
import type { Json } from '@varco/core'
import type { Assignment } from '@varco/engagement'
import type { Visit } from '../visit/visit.ts'

/** What of the log a person is about to see. Names of filters, ids and counts: never an identifier of a data subject. */
export interface Reading {
  readonly action: 'read' | 'search'
  /** In which of their assignments the person reads. */
  readonly reader: Assignment
  readonly detail: { readonly [key: string]: Json }
  /** The data subject searched for, so that the search too is found among the accesses to their data. */
  readonly disclosures?: readonly DisclosureDraft[]
}

/**
 * Leaves the trace of a reading of the log, durable before the page is sent.
 * @throws UnavailableError when it may not be: the page must not be shown
 */
export async function recordReading(log: AccessLog, visit: Visit, reading: Reading): Promise<void> {
  const { pseudonym, contract, role, unit } = reading.reader
  await log.append(
    actDraft('log-read', {
      requestId: visit.requestId,
      operator: pseudonym,
      processor: contract === null ? null : (visit.bundle.contracts.get(contract)?.processor ?? null),
      contract,
      role,
      unit,
      action: reading.action,
      policyVersion: visit.bundle.version,
      disclosures: reading.disclosures ?? [],
      detail: reading.detail,
    }),
  )
}

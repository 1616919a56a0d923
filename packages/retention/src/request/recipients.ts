import type { ContractId, DataSubjectRef, EventId, ProcessorId } from '@varco/core'

/** A company to which records of a data subject were disclosed, under one contract. */
export interface Recipient {
  readonly processor: ProcessorId
  readonly contract: ContractId
  readonly resources: readonly string[]
  /** Files with some of them that it has not given back or destroyed. */
  readonly copies: readonly string[]
}

/** Whom the log shows to have seen records of a data subject; the body's own staff are no recipients. */
export type FindRecipients = (dataSubject: DataSubjectRef) => Promise<readonly Recipient[]>

/** What the log tells of accesses to a data subject's records. */
export interface DisclosingLog {
  accessesOf(dataSubject: DataSubjectRef): AsyncIterable<{
    readonly event: {
      readonly id: EventId
      readonly action: string | null
      readonly processor: string | null
      readonly contract: string | null
    }
    readonly disclosures: readonly { readonly resource: string }[]
  }>
}

/** Files that left Varco, by the event that recorded them, and whether their end is known. */
export interface CopiesByEvent {
  copy(id: string): Promise<{ readonly id: string; readonly settled: object | null } | null>
}

/** @throws UnavailableError when the log or the ledger of copies cannot be read */
export function recipientsIn(log: DisclosingLog, ledger: CopiesByEvent): FindRecipients {
  return async (dataSubject) => {
    const found = new Map<string, Recipient>()
    for await (const { event, disclosures } of log.accessesOf(dataSubject)) {
      const { processor, contract } = event
      if (processor === null || contract === null) continue
      const id = JSON.stringify([processor, contract])
      const known = found.get(id)
      const copy = event.action === 'export' ? await ledger.copy(event.id) : null
      found.set(id, {
        ...{ processor: processor as ProcessorId, contract: contract as ContractId },
        resources: united(
          known?.resources,
          disclosures.map(({ resource }) => resource),
        ),
        copies: united(known?.copies, copy === null || copy.settled !== null ? [] : [copy.id]),
      })
    }
    return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, recipient]) => recipient)
  }
}

function united(known: readonly string[] | undefined, more: readonly string[]): readonly string[] {
  return [...new Set([...(known ?? []), ...more])].sort()
}

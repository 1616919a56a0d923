import type { ContractId, EventId, Micros, ProcessorId, Pseudonym } from '@varco/core'

export const COPY_KINDS = ['records', 'log', 'console'] as const
export type CopyKind = (typeof COPY_KINDS)[number]

export const COPY_ENDS = ['returned', 'deleted', 'excepted'] as const
export type CopyEnd = (typeof COPY_ENDS)[number]

/** A copy that left Varco as a file. What is in it is not here: the event tells which records. */
export interface Copy {
  /** The event that recorded it; the file itself carries it. */
  readonly id: string
  readonly kind: CopyKind
  /** Under whose contract; `null`: the body's own staff. */
  readonly contract: ContractId | null
  readonly processor: ProcessorId | null
  readonly owner: Pseudonym
  readonly purpose: string | null
  /** The entry of the log that recorded it. */
  readonly event: EventId
  readonly records: number | null
  readonly madeAt: Micros
  /** By when its owner must have destroyed it. */
  readonly expiresAt: Micros
  readonly settled: {
    readonly how: CopyEnd
    readonly by: Pseudonym
    readonly at: Micros
    readonly reason: string
  } | null
}

export interface CopyQuery {
  readonly contract?: ContractId
  /** Only those whose end is not recorded. */
  readonly unsettled?: boolean
  readonly limit: number
}

/** Copies and what became of them. Every method throws `UnavailableError` when the store cannot be reached. */
export interface CopiesLedger {
  addCopy(copy: Copy): Promise<void>
  copy(id: string): Promise<Copy | null>
  /** @returns `false`, and nothing changed, where there is no such copy, or its end is recorded already */
  settleCopy(id: string, settled: NonNullable<Copy['settled']>): Promise<boolean>
  /** Last made first. */
  copies(query: CopyQuery): Promise<readonly Copy[]>
}

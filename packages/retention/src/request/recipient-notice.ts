import type { ContractId, DataSubjectRef, Micros, ProcessorId, Pseudonym } from '@varco/core'

/** What a recipient is told of (GDPR Art. 19). */
export type NotifiedAct = 'erasure' | 'restriction'

/** How telling a recipient ended: told, or it proved impossible or took disproportionate effort. */
export const NOTICE_ENDS = ['told', 'excepted'] as const
export type NoticeEnd = (typeof NOTICE_ENDS)[number]

/** What one recipient is still to be told, or was. */
export interface RecipientNotice {
  /** Names nobody: of the data subject it has the kind and a keyed hash. */
  readonly id: string
  /** The data subject's request. */
  readonly request: string
  readonly act: NotifiedAct
  readonly processor: ProcessorId
  readonly contract: ContractId
  /** Forgotten once the notice is settled. */
  readonly dataSubject: DataSubjectRef | null
  readonly resources: readonly string[]
  /** Files it still has, to be destroyed or given back. */
  readonly copies: readonly string[]
  readonly queuedAt: Micros
  readonly settled: {
    readonly how: NoticeEnd
    readonly by: Pseudonym
    readonly at: Micros
    /** The letter's number, or why it could not be. */
    readonly note: string
  } | null
}

/** Every method throws `UnavailableError` when the store cannot be reached. */
export interface RecipientNotices {
  /** Those of an id that is known stay as they are. */
  queue(notices: readonly RecipientNotice[]): Promise<void>
  notice(id: string): Promise<RecipientNotice | null>
  /** Not settled, oldest first. */
  waiting(limit: number): Promise<readonly RecipientNotice[]>
  /** @returns `false`, and nothing changed, where there is none that waits */
  settle(id: string, settled: NonNullable<RecipientNotice['settled']>): Promise<boolean>
}

import type { DataSubjectRef, EventId, Micros } from '@varco/core'
import type { EventFacts, EventKind } from './event.ts'
import type { InclusionProof } from './inclusion-proof.ts'

/** A filter as the log remembers it. */
export interface StoredFilter {
  readonly field: string
  readonly op: string
  readonly commitment: string
}

/** A field's change as the log remembers it: commitments to what it was and what it was to become. */
export interface StoredChange {
  readonly field: string
  /** Which of the event's disclosures the record is. */
  readonly record: number
  readonly before: string
  readonly after: string
}

/** An entry of the log, as read back. */
export interface StoredEvent extends EventFacts {
  readonly id: EventId
  readonly v: 1
  readonly origin: string
  readonly writer: string
  readonly epoch: number
  readonly seq: number
  readonly at: Micros
  readonly filters: readonly StoredFilter[]
  /** Absent: nothing was to be changed. */
  readonly changes?: readonly StoredChange[]
  readonly disclosed: { readonly count: number; readonly root: string }
}

/** One side row: which record of which data subject an event showed. */
export interface StoredDisclosure {
  readonly event: EventId
  readonly position: number
  readonly resource: string
  readonly recordKey: string
}

/** What to look for; every given part must hold. */
export interface EventQuery {
  readonly from?: Micros
  readonly to?: Micros
  readonly kind?: EventKind
  readonly contract?: string
  readonly processor?: string
  readonly operator?: string
  readonly purpose?: string
  readonly ticket?: string
  readonly decision?: 'permit' | 'deny'
  readonly resource?: string
  readonly dataSubject?: DataSubjectRef
  /** A record that was shown. */
  readonly record?: { readonly resource: string; readonly key: string }
  /** A field that was shown, plain or masked. */
  readonly field?: string
  readonly requestId?: string
  readonly grant?: string
  /** Events strictly older than this place (newest first): the `next` of the page before. */
  readonly after?: string
  /** 1 to 500. */
  readonly limit: number
  /**
   * What only an event's body tells is looked for in no more events than this: where they hold too few the page ends early, and
   * `next` goes on from there. Absent: in all.
   */
  readonly lookAt?: number
}

export interface EventPage {
  /** Newest first. */
  readonly events: readonly StoredEvent[]
  /** Hand it back as `after`; `null` on the last page. */
  readonly next: string | null
}

/** An access that showed records of the data subject asked for, with those of their records. */
export interface FoundAccess {
  readonly event: StoredEvent
  /** The event's exact bytes, which its proof is about. */
  readonly body: string
  readonly disclosures: readonly StoredDisclosure[]
}

/** Reading side of the log, for console and reports. */
export interface AccessLogReader {
  search(query: EventQuery): Promise<EventPage>
  find(id: string): Promise<StoredEvent | null>
  disclosures(id: EventId): Promise<readonly StoredDisclosure[]>
  /** Those of many events in one look-up, each event's in its place. */
  disclosuresOf(events: readonly StoredEvent[]): Promise<readonly (readonly StoredDisclosure[])[]>
  /** All accesses that showed records of one data subject, oldest first, streamed. */
  accessesOf(dataSubject: DataSubjectRef): AsyncIterable<FoundAccess>
  /** RFC 6962 inclusion of the event in its writer's last signed checkpoint. `null` for an unknown event. */
  prove(id: EventId): Promise<InclusionProof | null>
  /**
   * Proves many events against the log as it is now; what their proofs share is read once. An event that came after the call
   * is proved by itself. `body` is the event's exact bytes where they are at hand; else they are looked up.
   */
  prover(): Promise<(id: EventId, body?: string) => Promise<InclusionProof | null>>
  /** How the log stands: per writer and epoch, size and last checkpoint. */
  state(): Promise<readonly WriterState[]>
}

export interface WriterState {
  readonly writer: string
  readonly epoch: number
  readonly size: number
  /** Root of the tree, base64. */
  readonly root: string
  /** The signed note, as text. */
  readonly checkpoint: string
  readonly at: Micros
}

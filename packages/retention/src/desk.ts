import type { Clock, Json } from '@varco/core'
import type { Bundle } from '@varco/policy'
import type { RetentionArchive } from './archive.ts'
import type { SignCertificate } from './certificate.ts'
import type { ContractEnds } from './event/contract-ends.ts'
import type { ToldInLog } from './event/proven-event.ts'
import type { ShownUnder } from './hold.ts'
import type { RestrictionStore } from './restriction.ts'
import type { RetentionRecords } from './records.ts'
import type { RecipientNotices } from './request/recipient-notice.ts'
import type { FindRecipients } from './request/recipients.ts'
import type { RetentionStore } from './store.ts'
import type { UpstreamOutbox } from './upstream/outbox.ts'
import type { UpstreamRecords } from './upstream/upstream-records.ts'

/** What retention leaves a trace of. Each is a kind of event of the access log. */
export const RETENTION_ACTS = [
  'retention-planned',
  'retention-approved',
  'retention-cancelled',
  'retention-started',
  'retention-ended-early',
  'retention-certified',
  'retention-replayed',
  'retention-event-told',
  'retention-event-withdrawn',
  'hold-placed',
  'hold-released',
  'hold-reviewed',
  'restriction-placed',
  'restriction-lifted',
  'recipient-notified',
  'retention-overdue',
] as const
export type RetentionActKind = (typeof RETENTION_ACTS)[number]

/** An act as the log tells it: ids, counts and hashes, never a record's key or a data subject. */
export interface RetentionAct {
  readonly kind: RetentionActKind
  readonly requestId: string
  readonly operator: string | null
  readonly policyVersion?: string | null
  readonly resource?: string | null
  readonly detail: { readonly [key: string]: Json }
}

/** Where acts are recorded, before they take effect. Throws `UnavailableError` when one may not be: then nothing changes. */
export interface RetentionLog {
  append(act: RetentionAct): Promise<unknown>
}

/** What every operation of retention works with. */
export interface RetentionDesk {
  readonly bundle: () => Bundle
  readonly records: RetentionRecords
  readonly store: RetentionStore
  readonly archive: RetentionArchive
  readonly restrictions: RestrictionStore
  /** What the log says was disclosed. */
  readonly shownUnder: ShownUnder
  /** When contracts ended, as engagement has it. */
  readonly contractEnds: ContractEnds
  /** What the log says was told of records. */
  readonly toldInLog: ToldInLog
  readonly recipients: FindRecipients
  readonly notices: RecipientNotices
  readonly upstreams: UpstreamRecords
  readonly outbox: UpstreamOutbox
  readonly log: RetentionLog
  readonly clock: Clock
  readonly newId: () => string
  /** Keyed, so that a key cannot be guessed from its hash: hex. */
  readonly hashKey: (resource: string, key: string) => string
  readonly sign: SignCertificate
  /** Waits; the run gives way to others' work with it. */
  readonly pause: (ms: number) => Promise<void>
}

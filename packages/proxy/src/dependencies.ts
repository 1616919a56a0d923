import type { AccessLog } from '@varco/access-log'
import type { Clock, ContractId, Diagnostics, EventId, Pseudonym, RequestId, ResourceName } from '@varco/core'
import type {
  BudgetStore,
  CopiesLedger,
  EngagementStore,
  GrantDesk,
  InstructionDesk,
  ProofMemory,
  TicketDesk,
  WorkDesk,
} from '@varco/engagement'
import type {
  Bundle,
  FetchedRecord,
  LiveShadow,
  MaskKeys,
  RecordSource,
  RecordWriter,
  Resource,
} from '@varco/policy'
import type { UpstreamPools } from './upstream/upstream-pools.ts'
import type { LabelledReading, Reading } from './metrics.ts'

/** Everything the proxy needs of the world. */
export interface ProxyDependencies {
  /** The bundle in force. @throws UnavailableError when that cannot be said */
  readonly bundle: () => Bundle
  /** Best one that remembers, such as `liveEngagement`: it is asked at every access. */
  readonly engagement: EngagementStore
  readonly records: RecordSource
  /**
   * Says of records that come from elsewhere than `records`, whether nobody is to see them whatever the rules say. Absent:
   * everybody may whom the rules let. @throws UnavailableError when that cannot be said
   */
  readonly restricted?: () => Promise<RestrictedRecords>
  /** Absent: records are only read here. */
  readonly writer?: RecordWriter
  /** Connections to the JSON APIs behind the gate. Absent: there are no such addresses. */
  readonly upstreams?: UpstreamPools
  readonly accessLog: AccessLog
  readonly maskKeys: MaskKeys
  readonly clock: Clock
  readonly newRequestId: () => RequestId
  readonly diagnostics: Diagnostics
  /** What tokens must name as audience. */
  readonly audience: string
  /** Issuer to the address where it is reached, if that is another than its own. */
  readonly issuerAddresses: Readonly<Record<string, string>>
  /** Just-in-time grants: `/grants` and `/break-glass`. Absent: there are no such addresses. */
  readonly grants?: Omit<GrantDesk, 'engagement'>
  /** Under which address callers reach the proxy: what proofs of possession must name. Absent: none can be checked. */
  readonly publicUrl?: string
  /** Where people reach the console: a refusal that a grant would cure links to its form. Absent: it does not. */
  readonly consoleUrl?: string
  /** Addresses or subnets of the servers in front that say which client certificate a caller came with; none by default. */
  readonly trustedFronts?: readonly string[]
  /** Where tables that leave as files are written down. Absent: they are not, and carry no mark. */
  readonly copies?: Pick<CopiesLedger, 'addCopy'>
  /** What people say beforehand of whose orders they follow: `/me/instruction`. Absent: there is no such address. */
  readonly instructions?: InstructionDesk
  /** Work off the system: `/work` and `/me/work-token`. Absent: there are no such addresses. */
  readonly work?: WorkDesk
  /** The feed of tickets: `/tickets`. Absent: there is no such address. */
  readonly tickets?: TicketDesk
  /** What must answer for this node to be ready, by name. */
  readonly probes?: Readonly<Record<string, () => Promise<unknown>>>
  /** Figures of other parts of the process, by their names in `/metrics`. */
  readonly readings?: Readonly<Record<string, Reading | LabelledReading>>
  /** On every figure in `/metrics`: which of several processes on one port tells it. */
  readonly labels?: Readonly<Record<string, string>>
  /** A candidate bundle that is asked what the one in force is asked; its answers are only counted. */
  readonly shadow?: LiveShadow
  /**
   * Where data subjects and records shown are counted. Absent: whoever has a budget of data subjects in the bundle is shown
   * nothing, and this node counts the records it shows as if there were no other.
   */
  readonly budgets?: BudgetStore
  /** Where proofs of possession that were used are known to all nodes. Absent: each node knows its own alone. */
  readonly proofs?: ProofMemory
  /** Told at once of whoever is shown a canary; the log tells it too, by the reason `canary-touched`. */
  readonly canaryWatch?: CanaryWatch
  readonly limits?: Partial<ProxyLimits>
  /** How identity providers are reached; the platform's own by default. */
  readonly fetch?: typeof globalThis.fetch
}

/** Of one resource's records, which are kept from everybody's eyes (GDPR Art. 18). */
export type RestrictedRecords = (resource: Resource) => (record: FetchedRecord) => boolean

/** Hears of records that no honest task touches. */
export interface CanaryWatch {
  /** Must return at once and never throw. */
  touched(touch: CanaryTouch): void
}

export interface CanaryTouch {
  /** The entry of the log that says so. */
  readonly event: EventId
  readonly resource: ResourceName
  readonly operator: Pseudonym | null
  readonly contract: ContractId | null
}

export interface ProxyLimits {
  /** Requests under way at once; whoever comes beyond is told to come back. */
  readonly inFlight: number
  /** Records of one answer. */
  readonly records: number
}

export const DEFAULT_LIMITS: ProxyLimits = { inFlight: 1_000, records: 1_000 }

import type { AccessLog, FilterUse } from '@varco/access-log'
import type { Clock, Diagnostics, Locale, Micros, PolicyVersion, RequestId, ResourceName } from '@varco/core'
import type { Attribution, CopiesLedger, EngagementStore } from '@varco/engagement'
import type {
  Action,
  Bundle,
  DecisionMemory,
  LiveShadow,
  MaskKeys,
  RecordSource,
  RecordWriter,
} from '@varco/policy'
import type { Respond } from './answer/responder.ts'
import type { AskedQuestions } from './ask-candidate.ts'
import type { Budgets } from './budgets.ts'
import type { DataSubjectBudgets } from './data-subject-budgets.ts'
import type { CanaryWatch, ProxyLimits, RestrictedRecords } from './dependencies.ts'
import type { Place } from './in-flight.ts'
import type { KeyProofs } from './identity/key-proofs.ts'
import type { StrangerQuota } from './identity/stranger-quota.ts'
import type { TokenVerifier } from './identity/token-verifier.ts'
import type { TrustedFronts } from './identity/trusted-fronts.ts'

/** What every request finds in place. */
export interface Gate {
  readonly verifier: TokenVerifier
  readonly keyProofs: KeyProofs
  readonly fronts: TrustedFronts
  /** Under which address callers reach the proxy; `null`: nobody said. */
  readonly publicUrl: string | null
  /** Where people reach the console; `null`: nobody said. */
  readonly consoleUrl: string | null
  readonly strangers: StrangerQuota
  readonly budgets: Budgets
  readonly dataSubjects: DataSubjectBudgets
  readonly canaryWatch: CanaryWatch | null
  readonly engagement: EngagementStore
  readonly decisions: DecisionMemory
  readonly records: RecordSource
  readonly restricted: () => Promise<RestrictedRecords>
  /** `null`: this installation changes no records. */
  readonly writer: RecordWriter | null
  readonly accessLog: AccessLog
  /** `null`: copies are not written down here. */
  readonly copies: Pick<CopiesLedger, 'addCopy'> | null
  readonly maskKeys: MaskKeys
  readonly clock: Clock
  readonly diagnostics: Diagnostics
  readonly limits: ProxyLimits
  readonly shadow: LiveShadow | null
}

/** One request on its way through the gate. */
export interface Visit {
  readonly gate: Gate
  /** Taken once: the whole request happens at this time, under this bundle. */
  readonly now: Micros
  readonly bundle: Bundle
  readonly requestId: RequestId
  readonly locale: Locale
  readonly method: string
  /** The address as sent, without its query. */
  readonly path: string
  /** The network address at the other end of the connection, a front's if there is one. */
  readonly peer: () => string | null
  /** As in the address. */
  readonly resource: string
  /** The query string as sent, without its question mark. Personal data: never logged. */
  readonly query: string
  /** By its name in lower case. */
  readonly header: (name: string) => string | undefined
  readonly respond: Respond
  /** For an answer that leaves bit by bit: the request is under way until it has. */
  readonly keepPlace: Place['keepFor']
  readonly trail: Trail
}

/** What the caller states in the Varco headers: ids only, `null` where nothing, or nothing that could be one, was sent. */
export interface Statement {
  readonly purpose: string | null
  readonly ticket: string | null
  readonly grant: string | null
  readonly workstation: string | null
  readonly instructedBy: string | null
}

/** What the log will say of a request: each step adds what it has learnt, so that a refusal at any step says all of it. */
export interface Trail extends Asked {
  attribution: Attribution
  /** A service with no person behind it. */
  workload: boolean
  statement: Statement
  readonly policyVersion: PolicyVersion
  /** The log was asked for an event of this request: it has one, or the log could not be reached. */
  recorded: boolean
  /** Noted only while a candidate is asked beside the bundle in force. */
  readonly questions: AskedQuestions
}

/** What was asked of one resource, and under which rules. */
export interface Asked {
  action: Action | null
  /** Only one that the catalogue declares. */
  resource: ResourceName | null
  filters: readonly FilterUse[]
  rules: readonly string[]
}

const NOBODY: Attribution = { operator: null, processor: null, contract: null, role: null, unit: null }
const NOTHING_STATED: Statement = {
  purpose: null,
  ticket: null,
  grant: null,
  workstation: null,
  instructedBy: null,
}

export function emptyTrail(policyVersion: PolicyVersion): Trail {
  return {
    attribution: NOBODY,
    workload: false,
    statement: NOTHING_STATED,
    action: null,
    resource: null,
    filters: [],
    rules: [],
    policyVersion,
    recorded: false,
    questions: new Map(),
  }
}

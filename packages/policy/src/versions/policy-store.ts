import { VarcoError, type Micros, type PolicyVersion } from '@varco/core'
import type { BundleDocument } from '../bundle/schema.ts'

/** A bundle somebody put into the store, whether or not it was ever in force. */
export interface StoredPolicy {
  readonly version: PolicyVersion
  readonly document: BundleDocument
  readonly putBy: string
  readonly putAt: Micros
}

export type PolicySummary = Omit<StoredPolicy, 'document'>

/** One switch of the bundle in force. */
export interface Activation {
  /** 1 for the first ever, then one more each. */
  readonly number: number
  readonly version: PolicyVersion
  readonly activatedBy: string
  readonly activatedAt: Micros
  /** What was in force before; `null` at the first activation. */
  readonly previous: PolicyVersion | null
}

export interface ActivePolicy extends Activation {
  readonly document: BundleDocument
}

/** Why a version was not activated; what was in force stays in force. */
export class ActivationError extends VarcoError {
  readonly code = 'policy-activation'
  readonly reason: 'unknown-version' | 'same-person' | 'already-active'

  constructor(reason: ActivationError['reason']) {
    super(MESSAGES[reason])
    this.reason = reason
  }
}

const MESSAGES = {
  'unknown-version': 'no such version was pushed',
  'same-person': 'the person who pushed a version cannot activate it; a second person must',
  'already-active': 'this version is already in force',
} as const

/** Where bundles live once pushed. Content-addressed: a version is the hash of what it holds. */
export interface PolicyStore {
  /** The bundle in force. `null` before the first activation. */
  active(): Promise<ActivePolicy | null>
  /** The last switch alone, cheap enough to ask every second. */
  lastActivation(): Promise<Activation | null>
  find(version: PolicyVersion): Promise<StoredPolicy | null>
  /** Newest first. */
  list(): Promise<readonly PolicySummary[]>
  /** Keeps a draft. Putting the same content again changes nothing, not even who put it. */
  put(document: BundleDocument, by: string): Promise<PolicyVersion>
  /**
   * Puts a version in force for all nodes; an earlier one, for a rollback.
   * @throws ActivationError when it may not be: the author of a version never activates it (invariant 11)
   */
  activate(version: PolicyVersion, by: string): Promise<Activation>
  /** Newest first. */
  history(): Promise<readonly Activation[]>
  /** Calls `wake` soon after each activation by whatever node. It may miss one: poll too. */
  watch(wake: () => void): Promise<AsyncDisposable>
}

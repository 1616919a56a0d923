import { VarcoError } from '@varco/core'

/** What was put contradicts what is stored; nothing was changed. */
export class EngagementConflictError extends VarcoError {
  readonly code = 'engagement-conflict'
  readonly reason: 'identity-taken' | 'unknown-operator'

  constructor(reason: EngagementConflictError['reason'], options?: ErrorOptions) {
    super(
      reason === 'identity-taken'
        ? 'the identity belongs to another operator'
        : 'the assignment is for an operator nobody knows',
      options,
    )
    this.reason = reason
  }
}

import { VarcoError } from '@varco/core'

/** Why nothing of an upstream's answer is passed on. Holds nothing of it. */
export type UpstreamFault = 'malformed' | 'content-type' | 'encoding' | 'too-large' | 'status' | 'redirect'

/** The upstream answered, and not as the bundle says that it does. */
export class UpstreamError extends VarcoError {
  readonly code = 'upstream'
  readonly fault: UpstreamFault

  constructor(fault: UpstreamFault) {
    super(`an upstream’s answer is not passed on: ${fault}`)
    this.fault = fault
  }
}

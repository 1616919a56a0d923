import { VarcoError } from '@varco/core'

/** Somebody wanted the demo's identity provider for something else: everyone knows its passwords. */
export class DemoOnlyError extends VarcoError {
  readonly code = 'demo-only'
}

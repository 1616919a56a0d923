import { VarcoError } from '@varco/core'

/** The sample cannot be loaded beside what is there; nothing was changed or deleted. */
export class SampleBodyError extends VarcoError {
  readonly code = 'sample-body'
}

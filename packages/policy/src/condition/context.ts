import type { Scalar } from '../decision/request.ts'
import type { Reference } from '../decision/condition.ts'

/** What the references of a condition stand for in one request; `undefined` when nobody knows. */
export interface Context {
  valueOf(reference: Reference, type: 'date' | 'other'): Scalar | readonly Scalar[] | undefined
}

/** For conditions that have no references. */
export const NO_CONTEXT: Context = { valueOf: () => undefined }

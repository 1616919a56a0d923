import type { Bundle } from '../bundle/bundle.ts'
import { compileBundle } from '../bundle/compile-bundle.ts'
import { fixtureDocument } from './fixture-document.ts'

/** `fixtureDocument`, compiled. */
export function fixtureBundle(): Bundle {
  return compileBundle(fixtureDocument())
}

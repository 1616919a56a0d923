import { AURISPOLA, BRUMALBA } from '../sample/sample-contracts.ts'
import { sampleOperators, type SampleOperator } from '../sample/sample-operators.ts'

const STRANGERS = 3

/**
 * Logins the old company's provider gives out in the name of the new company's people: real tokens, truly
 * signed, by an issuer that has no say over them.
 */
export function sampleStrangers(): readonly SampleOperator[] {
  return sampleOperators()
    .filter(({ contract }) => contract === AURISPOLA.id)
    .slice(0, STRANGERS)
    .map(({ does: _does, ...operator }, index) => ({
      ...operator,
      issuer: BRUMALBA.issuer,
      username: `prestanome.${index + 1}`,
    }))
}

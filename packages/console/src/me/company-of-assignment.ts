import type { Assignment } from '@varco/engagement'
import { namesOf } from '../i18n/names.ts'
import type { Visit } from '../visit/visit.ts'

/** The company behind an assignment's contract, or the body. */
export function companyOfAssignment({ bundle, locale }: Visit, { contract }: Assignment): string {
  if (contract === null) return bundle.document.varco.controller.name
  const processor = bundle.contracts.get(contract)?.processor
  return processor === undefined ? contract : namesOf(bundle, locale).processor(processor)
}

import type { BundleDocument, WorkersAgreement } from './schema.ts'

/** Under what an employer's people may be recorded; `employer` `null`: the body itself. `undefined`: nothing is declared. */
export function workersAgreementOf(
  { varco, processors }: Pick<BundleDocument, 'varco' | 'processors'>,
  employer: string | null | undefined,
): WorkersAgreement | undefined {
  return employer === null
    ? varco.controller.workers_agreement
    : processors.find(({ processor }) => processor === employer)?.workers_agreement
}

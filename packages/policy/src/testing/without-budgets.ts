import type { BundleDocument } from '../bundle/schema.ts'

/** The same bundle with no bound on records an hour: for loads that no person makes. */
export function withoutBudgets(document: BundleDocument): BundleDocument {
  return {
    ...document,
    access: document.access.map(({ require: { max_records_per_hour: _budget, ...rest }, ...rule }) => ({
      ...rule,
      require: rest,
    })),
  }
}

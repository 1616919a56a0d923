import type { RetentionPlan } from '@varco/retention'

export const LIST_FORMATS = ['csv', 'pdf'] as const
export type ListFormat = (typeof LIST_FORMATS)[number]

/** Makes the papers of a plan, piece by piece; each is in the body's language. */
export interface PlanPapers {
  /** What an outside authority agrees to, record by record: who takes it out is recorded by whoever asks for it. */
  list(plan: RetentionPlan, format: ListFormat): AsyncIterable<string | Uint8Array>
  /** The minutes of its approval, as PDF; they name no record. */
  minutes(plan: RetentionPlan): AsyncIterable<Uint8Array>
}

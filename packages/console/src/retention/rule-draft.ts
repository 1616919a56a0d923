import {
  BundleError,
  bundleDocumentSchema,
  compileBundle,
  DISPOSITIONS,
  renderProblem,
  type Bundle,
  type BundleDocument,
} from '@varco/policy'
import { dayAt, dueRules, type DueRule, type RetentionRecords } from '@varco/retention'
import type { Micros } from '@varco/core'
import type { SentForm } from '../act/confirmed.ts'

type RuleDocument = BundleDocument['retention'][number]

/** A draft of the policy with one retention rule changed, or why it is none. */
export type RuleDraft =
  | { readonly bundle: Bundle; readonly problems: null }
  | { readonly bundle: null; readonly problems: readonly string[] }

/** The rule as a form has it; the rest of it stays as it was. */
export function ruleFrom(rule: RuleDocument, form: SentForm): RuleDocument {
  const said = (name: string, before: string): string => form[name]?.trim() ?? before
  const { align: _align, approval: _approval, ...kept } = rule
  const align = said('align', rule.align ?? '')
  const approval = said('approval', rule.approval ?? 'owner-and-dpo')
  const action = said('action', rule.action)
  return {
    ...kept,
    trigger: { field: said('trigger', rule.trigger.field) },
    after: said('after', rule.after),
    action: DISPOSITIONS.find((known) => known === action) ?? rule.action,
    ...(align === 'month-end' || align === 'year-end' ? { align } : {}),
    approval:
      (['none', 'owner', 'owner-and-dpo', 'authority'] as const).find((known) => known === approval) ??
      'owner-and-dpo',
    title: { it: said('title-it', rule.title.it), en: said('title-en', rule.title.en) },
    because: said('because', rule.because),
  }
}

/** The whole policy with that rule in the place of the one of its name, checked as any other version is. */
export function draftWith({ document }: Bundle, changed: RuleDocument): RuleDraft {
  const retention = document.retention.map((rule) => (rule.id === changed.id ? changed : rule))
  const read = bundleDocumentSchema.shape.retention.safeParse(retention)
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.slice(1).join('.')}: ${message}`)
    return { bundle: null, problems }
  }
  try {
    return { bundle: compileBundle({ ...document, retention: read.data }), problems: null }
  } catch (error) {
    if (!(error instanceof BundleError)) throw error
    return { bundle: null, problems: error.problems.map(renderProblem) }
  }
}

/** What a rule would reach today. */
export interface RulePreview {
  /** The last day of its trigger with which a record is due. */
  readonly upTo: string
  readonly due: number
  /** `false`: there are more. */
  readonly complete: boolean
}

/** A page must not walk through millions. */
export const PREVIEW_MOST = 10_000
const STEP = 2_000

export async function previewOf(
  records: Pick<RetentionRecords, 'due'>,
  bundle: Bundle,
  rule: string,
  now: Micros,
): Promise<RulePreview | null> {
  const due = ruleDue(bundle, rule, now)
  if (due === null) return null
  let count = 0
  let after: string | null = null
  for (;;) {
    const page = await records.due(due, after, STEP)
    count += page.length
    const last = page.at(-1)
    if (last === undefined || page.length < STEP || count >= PREVIEW_MOST) {
      return { upTo: due.cutoffs[0].upTo, due: count, complete: page.length < STEP }
    }
    after = last.key
  }
}

function ruleDue(bundle: Bundle, rule: string, now: Micros): DueRule | null {
  const today = dayAt(now, bundle.document.varco.time_zone)
  return dueRules(bundle, today).find(({ id }) => id === rule) ?? null
}

import {
  approvalOf,
  BundleError,
  bundleDocumentSchema,
  compileBundle,
  renderProblem,
  type Bundle,
  type BundleDocument,
} from '@varco/policy'
import {
  dayAt,
  dueRules,
  eventStanding,
  type DueRule,
  type EventDesk,
  type RetentionDesk,
} from '@varco/retention'
import type { Micros } from '@varco/core'

export type RuleDocument = BundleDocument['retention'][number]
/** Whether a rule takes the place of one in force. */
export type RuleStanding = 'changed' | 'new'

/** A draft of the policy with one retention rule changed, or why it is none. */
export type RuleDraft =
  | { readonly bundle: Bundle; readonly problems: null }
  | { readonly bundle: null; readonly problems: readonly RuleProblem[] }

export interface RuleProblem {
  /** Which part of the rule, from the outermost inwards; empty: how it stands with the rest of the policy. */
  readonly part: readonly string[]
  /** As the policy puts it, in English. */
  readonly detail: string
}

/** What the form of a new rule begins with; `null`: there is no such resource, or it has no day a term could run from. */
export function newRuleOn(bundle: Bundle, resource: string): RuleDocument | null {
  const file = bundle.document.catalogue.find(
    (each) => each.resource === resource && 'relation' in each.source,
  )
  const trigger = Object.entries(file?.fields ?? {}).find(([, { type }]) => isDay(type))?.[0]
  if (trigger === undefined) return null
  return {
    ...{ id: '', resource, trigger: { field: trigger }, after: 'P1Y', action: 'erase' },
    ...{ approval: approvalOf({}), title: { it: '', en: '' }, because: '' },
  }
}

/** Whether a term can run from a field of this type. */
export function isDay(type: string): boolean {
  return type === 'date' || type === 'timestamp'
}

/** A rule that is being written, with what it still lacks for a preview made up. */
export function previewable(rule: RuleDocument): RuleDocument {
  const { id, title, because, keep_at_least: floors } = rule
  return {
    ...rule,
    id: id === '' ? 'rule-being-written' : id,
    title: { it: title.it || '…', en: title.en || '…' },
    // As long as a norm must be.
    because: because.padEnd(10, '…'),
    ...(floors === undefined
      ? {}
      : { keep_at_least: floors.map((floor) => ({ ...floor, because: floor.because.padEnd(10, '…') })) }),
  }
}

/** The whole policy with that rule in the place of the one of its name, or as one more, checked as any other version is. */
export function draftWith({ document }: Bundle, changed: RuleDocument, as: RuleStanding): RuleDraft {
  const retention =
    as === 'new'
      ? [...document.retention, changed]
      : document.retention.map((rule) => (rule.id === changed.id ? changed : rule))
  const read = bundleDocumentSchema.shape.retention.safeParse(retention)
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => ({
      part: path.slice(1).map(String),
      detail: message,
    }))
    return { bundle: null, problems }
  }
  try {
    return { bundle: compileBundle({ ...document, retention: read.data }), problems: null }
  } catch (error) {
    if (!(error instanceof BundleError)) throw error
    return {
      bundle: null,
      problems: error.problems.map((each) => ({ part: [], detail: renderProblem(each) })),
    }
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
  desk: EventDesk & Pick<RetentionDesk, 'records'>,
  bundle: Bundle,
  rule: string,
  now: Micros,
): Promise<RulePreview | null> {
  const due = ruleDue(bundle, rule, now)
  if (due === null) return null
  let count = 0
  let after: string | null = null
  for (;;) {
    const page = await desk.records.due(due, after, STEP)
    const keys = page.map(({ key }) => key)
    const standing = await eventStanding(desk, due, keys)
    count += keys.filter((key) => standing(key).term === 'over').length
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

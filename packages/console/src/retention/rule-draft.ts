import {
  APPROVALS,
  approvalOf,
  BundleError,
  bundleDocumentSchema,
  compileBundle,
  DISPOSITIONS,
  ON_REQUEST,
  renderProblem,
  RETENTION_MASKS,
  retentionMasks,
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
import { canonicalJson, type Micros } from '@varco/core'
import type { SentForm } from '../act/confirmed.ts'

export type RuleDocument = BundleDocument['retention'][number]
/** Whether a rule takes the place of one in force. */
export type RuleStanding = 'changed' | 'new'

/** A draft of the policy with one retention rule changed, or why it is none. */
export type RuleDraft =
  | { readonly bundle: Bundle; readonly problems: null }
  | { readonly bundle: null; readonly problems: readonly string[] }

/** The rule as a form has it; the rest of it stays as it was. */
export function ruleFrom(bundle: Bundle, rule: RuleDocument, form: SentForm): RuleDocument {
  const said = (name: string, before: string): string => form[name]?.trim() ?? before
  const {
    align: _align,
    approval: _approval,
    masks: _masks,
    masks_by_category: _byCategory,
    ...others
  } = rule
  const { owner: _owner, schedule: _schedule, on_request: _onRequest, ...kept } = others
  const owner = said('owner', rule.owner ?? '')
  const schedule = said('schedule', rule.schedule ?? '')
  const onRequest = ON_REQUEST.find((known) => known === said('on-request', rule.on_request ?? ''))
  const align = said('align', rule.align ?? '')
  const approval = said('approval', approvalOf(rule))
  const wanted = said('action', rule.action)
  const action = DISPOSITIONS.find((known) => known === wanted) ?? rule.action
  return {
    ...kept,
    trigger: triggerFrom(rule, said),
    after: said('after', rule.after),
    action,
    ...(action === 'anonymise' ? masksFrom(bundle, rule, form) : {}),
    ...(owner === '' ? {} : { owner }),
    ...(schedule === '' ? {} : { schedule }),
    ...(onRequest === undefined ? {} : { on_request: onRequest }),
    ...(align === 'month-end' || align === 'year-end' ? { align } : {}),
    approval: approvalOf({ approval: APPROVALS.find((known) => known === approval) }),
    title: { it: said('title-it', rule.title.it), en: said('title-en', rule.title.en) },
    because: said('because', rule.because),
  }
}

/** From which field the term runs, and which field names the contract whose end it waits for besides. */
function triggerFrom(
  { trigger: before }: RuleDocument,
  said: (name: string, before: string) => string,
): RuleDocument['trigger'] {
  const { contract_end: contractBefore = '', ...kept } = before
  const contract = said('contract-end', contractBefore)
  return {
    ...kept,
    field: said('trigger', before.field),
    ...(contract === '' ? {} : { contract_end: contract }),
  }
}

export const MASK_FIELD = 'mask-'

/** How each field is anonymised, as the form has it; as before where no form says, or it says the same: by category too. */
function masksFrom(
  bundle: Bundle,
  rule: RuleDocument,
  form: SentForm,
): Pick<RuleDocument, 'masks' | 'masks_by_category'> {
  const { masks, masks_by_category: byCategory } = rule
  const before = {
    ...(masks === undefined ? {} : { masks }),
    ...(byCategory === undefined ? {} : { masks_by_category: byCategory }),
  }
  const sent = Object.entries(form).filter(([name]) => name.startsWith(MASK_FIELD))
  const wanted = Object.fromEntries(
    sent.flatMap(([name, value]) => {
      const mask = RETENTION_MASKS.find((known) => known === value)
      return mask === undefined ? [] : [[name.slice(MASK_FIELD.length), mask]]
    }),
  )
  const isAsBefore = canonicalJson(wanted) === canonicalJson(fieldMasks(bundle, rule))
  if (sent.length === 0 || isAsBefore) return before
  return Object.keys(wanted).length === 0 ? {} : { masks: wanted }
}

/** How the rule anonymises each field, by name or by category. */
export function fieldMasks({ document }: Bundle, rule: RuleDocument): NonNullable<RuleDocument['masks']> {
  const file = document.catalogue.find(({ resource }) => resource === rule.resource)
  return { ...(file === undefined ? rule.masks : retentionMasks(rule, file)) }
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
  const { id, title, because } = rule
  return {
    ...rule,
    id: id === '' ? 'rule-being-written' : id,
    title: { it: title.it || '…', en: title.en || '…' },
    // As long as a norm must be.
    because: because.padEnd(10, '…'),
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

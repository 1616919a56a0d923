import {
  APPROVALS,
  approvalOf,
  DISPOSITIONS,
  ON_REQUEST,
  RETENTION_MASKS,
  retentionMasks,
  type Bundle,
} from '@varco/policy'
import type { SentForm } from '../act/confirmed.ts'
import type { RuleDocument } from './rule-draft.ts'

type Said = (name: string, before: string) => string
type Trigger = RuleDocument['trigger']
type Floor = NonNullable<RuleDocument['keep_at_least']>[number]
type Masks = Pick<RuleDocument, 'masks' | 'masks_by_category'>
type QuasiIdentifiers = RuleDocument['quasi_identifiers']

export const MASK_FIELD = 'mask-'
export const QUASI_FIELD = 'quasi-field-'
/** Sent where the form has those fields: none of them ticked is an answer too. */
export const QUASI_ASKED = 'quasi-asked'

/** How a form calls what it has of the floor at a place. */
export function floorPrefix(at: number): string {
  return `floor-${at}-`
}

/** The rule as a form has it; what the form does not ask stays as it was. */
export function ruleFrom(bundle: Bundle, rule: RuleDocument, form: SentForm): RuleDocument {
  const said: Said = (name, before) => form[name]?.trim() ?? before
  const owner = said('owner', rule.owner ?? '')
  const schedule = said('schedule', rule.schedule ?? '')
  const onRequest = ON_REQUEST.find((known) => known === said('on-request', rule.on_request ?? ''))
  const approval = said('approval', approvalOf(rule))
  const wanted = said('action', rule.action)
  const action = DISPOSITIONS.find((known) => known === wanted) ?? rule.action
  const quasi = action === 'anonymise' ? quasiIdentifiersIn(rule, form) : undefined
  const floors = floorsIn(rule, form, said)
  return {
    ...{ id: rule.id, resource: rule.resource },
    trigger: triggerFrom(rule.trigger, said),
    after: said('after', rule.after),
    action,
    ...(action === 'anonymise' ? masksIn(bundle, rule, form) : {}),
    ...(quasi === undefined ? {} : { quasi_identifiers: quasi }),
    ...(floors.length === 0 ? {} : { keep_at_least: floors }),
    ...(owner === '' ? {} : { owner }),
    ...(schedule === '' ? {} : { schedule }),
    ...(onRequest === undefined ? {} : { on_request: onRequest }),
    ...alignIn(said('align', rule.align ?? '')),
    approval: approvalOf({ approval: APPROVALS.find((known) => known === approval) }),
    title: { it: said('title-it', rule.title.it), en: said('title-en', rule.title.en) },
    because: said('because', rule.because),
  }
}

function alignIn(said: string): Pick<RuleDocument, 'align'> {
  return said === 'month-end' || said === 'year-end' ? { align: said } : {}
}

/** From which field the term runs, and what it waits for besides. */
function triggerFrom(before: Trigger, said: Said): Trigger {
  const lastBefore = before.last_of
  const lastOf = said('last-of', lastBefore === undefined ? '' : lastOfEntry(lastBefore))
  const [relation = '', field = ''] = lastOf.split('.')
  return {
    field: said('trigger', before.field),
    ...awaitedIn(before, said, ''),
    ...(lastOf === '' ? {} : { last_of: { relation, field } }),
  }
}

/** The entry of a form's list that stands for a day of related records. Neither name has a dot. */
export function lastOfEntry({ relation, field }: NonNullable<Trigger['last_of']>): string {
  return `${relation}.${field}`
}

/** An event that is told, or the end of a contract. Without a name there is no event. */
function awaitedIn(
  { event, contract_end: contractBefore = '' }: Pick<Trigger, 'event' | 'contract_end'>,
  said: Said,
  prefix: string,
): Pick<Trigger, 'event' | 'contract_end'> {
  const id = said(`${prefix}event-id`, event?.id ?? '')
  const title = {
    it: said(`${prefix}event-it`, event?.title.it ?? ''),
    en: said(`${prefix}event-en`, event?.title.en ?? ''),
  }
  const contract = said(`${prefix}contract-end`, contractBefore)
  return {
    ...(id === '' ? {} : { event: { id, title } }),
    ...(contract === '' ? {} : { contract_end: contract }),
  }
}

/** Each place where the form gives a term or its norm; an emptied one is taken away. */
function floorsIn({ keep_at_least: before = [] }: RuleDocument, form: SentForm, said: Said): Floor[] {
  if (form[`${floorPrefix(0)}after`] === undefined) return [...before]
  const places = Object.keys(form).flatMap((name) => /^(floor-\d+-)after$/.exec(name)?.[1] ?? [])
  return places.flatMap((prefix) => {
    const [after, because] = [said(`${prefix}after`, ''), said(`${prefix}because`, '')]
    if (after === '' && because === '') return []
    const trigger = { field: said(`${prefix}trigger`, ''), ...awaitedIn({}, said, prefix) }
    return [{ trigger, after, ...alignIn(said(`${prefix}align`, '')), because }]
  })
}

/**
 * How each field is anonymised, as the form has it; as before where no form says. A category whose fields all stay masked stays named,
 * for those to come; of single ones the form says otherwise.
 */
function masksIn(bundle: Bundle, rule: RuleDocument, form: SentForm): Masks {
  const { masks, masks_by_category: byCategory } = rule
  const sent = Object.entries(form).filter(([name]) => name.startsWith(MASK_FIELD))
  if (sent.length === 0)
    return {
      ...(masks === undefined ? {} : { masks }),
      ...(byCategory === undefined ? {} : { masks_by_category: byCategory }),
    }
  const wanted = Object.fromEntries(
    sent.flatMap(([name, value]) => {
      const mask = RETENTION_MASKS.find((known) => known === value)
      return mask === undefined ? [] : [[name.slice(MASK_FIELD.length), mask]]
    }),
  )
  const categoryOf = categoriesOf(bundle, rule)
  const names = [...categoryOf.keys()]
  const kept = Object.entries(byCategory ?? {}).filter(([category]) =>
    names.every((name) => categoryOf.get(name) !== category || wanted[name] !== undefined),
  )
  const ofCategory = new Map(kept)
  const single = Object.entries(wanted).filter(
    ([name, mask]) => masks?.[name] === mask || ofCategory.get(categoryOf.get(name) ?? '') !== mask,
  )
  return {
    ...(single.length === 0 ? {} : { masks: Object.fromEntries(single) }),
    ...(kept.length === 0 ? {} : { masks_by_category: Object.fromEntries(kept) }),
  }
}

function categoriesOf({ document }: Bundle, { resource }: RuleDocument): ReadonlyMap<string, string> {
  const file = document.catalogue.find((each) => each.resource === resource)
  return new Map(Object.entries(file?.fields ?? {}).map(([name, { category }]) => [name, category]))
}

/** How the rule anonymises each field, by name or by category. */
export function fieldMasks({ document }: Bundle, rule: RuleDocument): NonNullable<RuleDocument['masks']> {
  const file = document.catalogue.find(({ resource }) => resource === rule.resource)
  return { ...(file === undefined ? rule.masks : retentionMasks(rule, file)) }
}

function quasiIdentifiersIn(rule: RuleDocument, form: SentForm): QuasiIdentifiers {
  if (form[QUASI_ASKED] === undefined) return rule.quasi_identifiers
  const fields = Object.keys(form)
    .filter((name) => name.startsWith(QUASI_FIELD))
    .map((name) => name.slice(QUASI_FIELD.length))
  const least = form['quasi-least']?.trim() ?? ''
  return fields.length === 0 && least === '' ? undefined : { fields, at_least: Number(least) }
}

import { approvalOf } from '@varco/policy'
import { durationInWords } from '../i18n/duration-in-words.ts'
import { namesOf } from '../i18n/names.ts'
import type { Visit } from '../visit/visit.ts'
import type { RuleDocument } from './rule-draft.ts'
import { fieldMasks } from './rule-from-form.ts'
import { ruleTermsText } from './rule-terms-text.ts'
import { retentionText } from './text.ts'

/** All of a rule that its form can change, each by the form's words: also what it leaves out, as that may be the change. */
export function ruleInWords(
  { bundle, locale }: Pick<Visit, 'bundle' | 'locale'>,
  rule: RuleDocument,
): readonly (readonly [name: string, value: string])[] {
  const t = retentionText[locale]
  const words = ruleTermsText[locale]
  const names = namesOf(bundle, locale)
  const field = (name: string) => names.field(rule.resource, name)
  const { field: trigger, contract_end: contractEnd, event, last_of: lastOf } = rule.trigger
  const quasi = rule.quasi_identifiers
  const masks = Object.entries(fieldMasks(bundle, rule)).map(
    ([name, mask]) => `${field(name)}: ${t.masks[mask]}`,
  )
  const floorInWords = (floor: NonNullable<RuleDocument['keep_at_least']>[number]): string => {
    const { field: from, event: told, contract_end: ending } = floor.trigger
    const awaited = [
      ...(told === undefined ? [] : [eventInWords(told)]),
      ...(ending === undefined ? [] : [`${t.contractEnd} (${field(ending)})`]),
    ]
    const runs = [field(from), ...awaited].join(' · ')
    const rounded = floor.align === undefined ? '' : `, ${t.aligns[floor.align].toLowerCase()}`
    return `${durationInWords(floor.after, locale)}${rounded}, ${words.floorTrigger.toLowerCase()} ${runs} (${floor.because})`
  }
  return [
    [t.titleIt, rule.title.it],
    [t.titleEn, rule.title.en],
    [t.resource, names.resource(rule.resource)],
    [t.trigger, field(trigger)],
    [t.contractEndLabel, contractEnd === undefined ? t.noContractEnd : field(contractEnd)],
    [words.lastOfLabel, lastOf === undefined ? words.noLastOf : relatedDay(bundle, locale, rule, lastOf)],
    [words.eventLabel, event === undefined ? words.noEvent : eventInWords(event)],
    [t.after, durationInWords(rule.after, locale)],
    [t.alignLabel, t.aligns[rule.align ?? '']],
    [words.floorsTitle, (rule.keep_at_least ?? []).map(floorInWords).join('; ') || words.noFloor],
    [t.action, t.actions[rule.action]],
    ...(masks.length === 0 ? [] : [[t.masksTitle, masks.join(', ')] as const]),
    ...(rule.action === 'anonymise'
      ? [
          [
            words.quasiTitle,
            quasi === undefined
              ? words.noQuasi
              : `${quasi.fields.map(field).join(', ')}: ${words.alike(quasi.at_least)}`,
          ] as const,
        ]
      : []),
    [t.approvalLabel, t.approvalKinds[approvalOf(rule)]],
    [t.ownerLabel, rule.owner === undefined ? t.ownOwner : names.unit(rule.owner)],
    [t.onRequestLabel, t.onRequests[rule.on_request ?? '']],
    [t.scheduleLabel, rule.schedule ?? t.noSchedule],
    [t.norm, rule.because],
  ]
}

/** By all three of its names: each can be changed. */
function eventInWords({ id, title }: NonNullable<RuleDocument['trigger']['event']>): string {
  return `${title.it} / ${title.en} (${id})`
}

/** A day of what is related to the rule's records, by both names. */
function relatedDay(
  bundle: Visit['bundle'],
  locale: Visit['locale'],
  { resource }: RuleDocument,
  { relation, field }: NonNullable<RuleDocument['trigger']['last_of']>,
): string {
  const names = namesOf(bundle, locale)
  const file = bundle.document.catalogue.find((each) => each.resource === resource)
  const related = file?.relations[relation]?.resource
  return related === undefined ? relation : `${names.resource(related)} · ${names.field(related, field)}`
}

import { approvalOf } from '@varco/policy'
import { durationInWords } from '../i18n/duration-in-words.ts'
import { namesOf } from '../i18n/names.ts'
import type { Visit } from '../visit/visit.ts'
import { fieldMasks, type RuleDocument } from './rule-draft.ts'
import { retentionText } from './text.ts'

/** All of a rule that its form can change, each by the form's words: also what it leaves out, as that may be the change. */
export function ruleInWords(
  { bundle, locale }: Pick<Visit, 'bundle' | 'locale'>,
  rule: RuleDocument,
): readonly (readonly [name: string, value: string])[] {
  const t = retentionText[locale]
  const names = namesOf(bundle, locale)
  const field = (name: string) => names.field(rule.resource, name)
  const { field: trigger, contract_end: contractEnd } = rule.trigger
  const masks = Object.entries(fieldMasks(bundle, rule)).map(
    ([name, mask]) => `${field(name)}: ${t.masks[mask]}`,
  )
  return [
    [t.titleIt, rule.title.it],
    [t.titleEn, rule.title.en],
    [t.resource, names.resource(rule.resource)],
    [t.trigger, field(trigger)],
    [t.contractEndLabel, contractEnd === undefined ? t.noContractEnd : field(contractEnd)],
    [t.after, durationInWords(rule.after, locale)],
    [t.alignLabel, t.aligns[rule.align ?? '']],
    [t.action, t.actions[rule.action]],
    ...(masks.length === 0 ? [] : [[t.masksTitle, masks.join(', ')] as const]),
    [t.approvalLabel, t.approvalKinds[approvalOf(rule)]],
    [t.ownerLabel, rule.owner === undefined ? t.ownOwner : names.unit(rule.owner)],
    [t.onRequestLabel, t.onRequests[rule.on_request ?? '']],
    [t.scheduleLabel, rule.schedule ?? t.noSchedule],
    [t.norm, rule.because],
  ]
}

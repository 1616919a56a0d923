import type { StoredEvent } from '@varco/access-log'
import type { Locale } from '@varco/core'
import type { Formats } from '../i18n/formats.ts'
import type { Names } from '../i18n/names.ts'
import { reasonInWords } from '../log/reason-in-words.ts'
import { eventText } from './text.ts'

export interface Wording {
  readonly locale: Locale
  readonly formats: Formats
  readonly names: Names
}

/** An event in plain words, as one would tell it aloud. */
export function sentenceOf(event: StoredEvent, { locale, formats, names }: Wording): string {
  const t = eventText[locale].sentence
  const who = `${t.at(formats.exact(event.at))} ${subjectOf(event, { locale, formats, names })}`
  if (event.kind !== 'access') return `${who} ${t.administrative[event.kind]}.`

  const why =
    event.purpose === null ? t.withoutPurpose : t.forPurpose(formats.quote(names.purpose(event.purpose)))
  if (event.decision !== 'permit') {
    return `${who} ${verb(event, t.asked, t.askedOther)} ${anyRecords(event, { locale, formats, names })}, ${why}. ${t.denied}${reasonOf(event, locale)}`
  }
  const { count } = event.disclosed
  const what =
    count === 0 || event.resource === null
      ? anyRecords(event, { locale, formats, names })
      : t.records(formats.number(count), formats.quote(names.resource(event.resource)))
  const stage = stageOf(event)
  const did = stage === null ? verb(event, t.did, t.didOther) : verb(event, t.asked, t.askedOther)
  return [
    `${who} ${did} ${what}, ${why}.`,
    ...(stage === null ? [] : [t.stages[stage] ?? '']),
    ...(count === 0 && stage === null ? [t.nothingFound] : []),
    ...(event.masked.length === 0 || count === 0 ? [] : [t.someMasked]),
  ].join(' ')
}

/** How far a change had come, where it was not made yet, or not for certain. */
function stageOf({ action, detail }: StoredEvent): string | null {
  const stage = detail?.['stage']
  return action === 'update' && typeof stage === 'string' && stage !== 'done' ? stage : null
}

function reasonOf(event: StoredEvent, locale: Locale): string {
  const reason = reasonInWords(event.reasons[0], locale)
  return reason === null ? '' : ` ${eventText[locale].sentence.because} ${reason}`
}

function subjectOf(event: StoredEvent, { locale, names }: Wording): string {
  const t = eventText[locale].sentence
  if (event.operator === null) return event.kind === 'access' ? t.nobody : t.system
  const person = event.processor === null ? t.someoneOfBody : t.someone(names.processor(event.processor))
  const role = event.role === null ? null : lowerFirst(names.role(event.role))
  const unit = event.unit === null ? null : names.unit(event.unit)
  return `${person}, ${t.as(role, unit, event.operator)},`
}

/** A title inside a sentence: `Operatore` becomes `operatore`, an acronym stays. */
function lowerFirst(title: string): string {
  return /^\p{Lu}\p{Ll}/u.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title
}

function verb(event: StoredEvent, verbs: Readonly<Record<string, string>>, other: string): string {
  return verbs[event.action ?? ''] ?? other
}

function anyRecords(event: StoredEvent, { locale, formats, names }: Wording): string {
  const t = eventText[locale].sentence
  return event.resource === null ? t.something : t.anyRecords(formats.quote(names.resource(event.resource)))
}

import { isEventDay } from '@varco/retention'
import type { SentForm } from '../act/confirmed.ts'
import { eventEntry, type TellableEvent } from './tellable-events.ts'

export type ToldProblem = 'event' | 'key' | 'what' | 'day'

/** What a form tells of a record; `on` is `null` where it did not happen after all. */
export interface ToldForm {
  readonly of: TellableEvent
  readonly record: string
  readonly on: string | null
}

const LONGEST_KEY = 256

/** Reads the form of an event; what is wrong with it, where something is. Only what this person may tell is known. */
export function readToldEvent(
  tellable: readonly TellableEvent[],
  form: SentForm,
): ToldForm | readonly ToldProblem[] {
  const said = (name: string): string => (form[name] ?? '').trim()
  const of = tellable.find(({ resource, event }) => eventEntry(resource, event) === said('event'))
  const record = said('key')
  const what = said('what')
  const problems: readonly ToldProblem[] = [
    ...(of === undefined ? (['event'] as const) : []),
    ...(record === '' || record.length > LONGEST_KEY ? (['key'] as const) : []),
    ...(what === 'happened' || what === 'not' ? [] : (['what'] as const)),
    ...(what === 'happened' && !isEventDay(said('day')) ? (['day'] as const) : []),
  ]
  if (of === undefined || problems.length > 0) return problems
  return { of, record, on: what === 'happened' ? said('day') : null }
}

import { awaitedEvents, isEventDay, type RecordEvent } from '@varco/retention'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import type { Act } from '../act/act.ts'
import { ChoiceGroup, SelectField, TextField } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { ListPaging } from '../log/list-paging.tsx'
import type { Visit } from '../visit/visit.ts'
import { recordEventsText } from './record-events-text.ts'
import { RetentionFrame } from './retention-frame.tsx'
import { eventEntry, type TellableEvent } from './tellable-events.ts'

/** Enough of a fingerprint to see that two entries are of one record. */
const FINGERPRINT = 12

export function tellEventAct({ locale }: Pick<Visit, 'locale'>): Act {
  return { to: '/retention/events', ...recordEventsText[locale].tell }
}

export interface RecordEventsPageProps {
  readonly visit: Visit
  readonly events: readonly RecordEvent[]
  /** Where the next page starts; `null` on the last. */
  readonly next: string | null
  /** `null`: this person tells none at all. */
  readonly tellable: readonly TellableEvent[] | null
  readonly typed: Readonly<Record<string, string>>
  readonly result: ActResult
}

/** What was told of records lately, by whom; and the form that tells or corrects it. */
export function RecordEventsPage(props: RecordEventsPageProps): JSX.Element {
  const { visit, events, next, tellable, typed, result } = props
  const t = recordEventsText[visit.locale]
  const { instant } = visit.formats
  return (
    <RetentionFrame visit={visit} section="events" result={result}>
      {tellable === null ? null : tellable.length === 0 ? (
        <p class="hint">{t.noneWaits}</p>
      ) : (
        <TellForm {...{ visit, tellable, typed, result }} />
      )}
      {events.length === 0 ? (
        <Empty icon="calendar">{t.none}</Empty>
      ) : (
        <ListTable
          caption={t.event}
          columns={[t.event, t.day, t.record, t.toldBy, t.toldAt]}
          rows={events.map(({ resource, event, on, hash, toldBy, toldAt }) => [
            eventInWords(visit, resource, event),
            on === null ? t.withdrawn : toldDay(visit, on),
            <code>{hash.slice(0, FINGERPRINT)}</code>,
            <code>{toldBy}</code>,
            instant(toldAt),
          ])}
        />
      )}
      <ListPaging visit={visit} next={next} />
    </RetentionFrame>
  )
}

function TellForm(props: {
  visit: Visit
  tellable: readonly TellableEvent[]
  typed: Readonly<Record<string, string>>
  result: ActResult
}): JSX.Element {
  const { visit, tellable, typed, result } = props
  const t = recordEventsText[visit.locale]
  return (
    <ActForm visit={visit} act={tellEventAct(visit)}>
      <SelectField
        name="event"
        label={t.event}
        result={result}
        value={typed['event'] ?? ''}
        options={tellable.map(({ resource, event }) => ({
          value: eventEntry(resource, event),
          title: eventInWords(visit, resource, event),
        }))}
      />
      <TextField
        name="key"
        label={t.key}
        help={t.keyHelp}
        maxlength={256}
        value={typed['key'] ?? ''}
        result={result}
      />
      <ChoiceGroup
        name="what"
        label={t.what}
        result={result}
        value={typed['what'] ?? 'happened'}
        options={(['happened', 'not'] as const).map((value) => ({ value, title: t.whats[value] }))}
      />
      <TextField
        name="day"
        type="date"
        required={false}
        label={t.day}
        value={typed['day'] ?? ''}
        result={result}
      />
    </ActForm>
  )
}

/** A day as people write it. What stands in the store and is none is shown as it stands. */
export function toldDay({ formats }: Visit, on: string): string {
  return isEventDay(on) ? formats.calendarDay(on) : on
}

/** Of which records the event is, and what happened, as the rules in force call it. */
export function eventInWords({ bundle, locale }: Visit, resource: string, event: string): string {
  const title = awaitedEvents(bundle).find(({ resource: of, id }) => of === resource && id === event)?.title[
    locale
  ]
  return recordEventsText[locale].eventChoice(namesOf(bundle, locale).resource(resource), title ?? event)
}

import type { StoredEvent } from '@varco/access-log'
import type { Locale } from '@varco/core'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf, type Names } from '../i18n/names.ts'
import type { Visit } from '../visit/visit.ts'
import { calendarDay } from './log-filters.ts'
import { OutcomeBadge } from './outcome-badge.tsx'
import { reasonInWords } from './reason-in-words.ts'
import { logText } from './text.ts'
import { companyOf } from './who.ts'

export interface EventTableProps {
  readonly visit: Visit
  readonly events: readonly StoredEvent[]
  readonly caption: string
  /** One's own events say nothing of who, and lead to no page with others' records. */
  readonly of: 'everybody' | 'me'
}

const COLUMNS = ['when', 'who', 'what', 'why', 'outcome'] as const

/**
 * One row an event, grouped by the day of the reader's clocks. Roles are spelt out because narrow screens lay the
 * rows out as blocks, and browsers then forget that this is a table.
 */
export function EventTable({ visit, events, caption, of }: EventTableProps): JSX.Element {
  const t = logText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const columns = COLUMNS.filter((column) => of === 'everybody' || column !== 'who')
  const days = Map.groupBy(events, ({ at }) => calendarDay(at, visit.timeZone))
  return (
    <table class="table events" role="table">
      <caption class="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th scope="col" role="columnheader" class={`${column}-column`}>
              {t.columns[column]}
            </th>
          ))}
        </tr>
      </thead>
      {[...days.values()].map((ofDay) => (
        <tbody role="rowgroup">
          <tr role="row" class="day">
            <th scope="rowgroup" colspan={columns.length} role="rowheader">
              {visit.formats.ownDay(ofDay[0]?.at ?? 0n)}
            </th>
          </tr>
          {ofDay.map((event) => (
            <tr role="row">
              <When visit={visit} event={event} linked={of === 'everybody'} />
              {of === 'everybody' ? <Who visit={visit} event={event} names={names} /> : null}
              <What visit={visit} event={event} names={names} />
              <Why visit={visit} event={event} names={names} />
              <td role="cell" class="outcome-cell">
                <OutcomeBadge event={event} locale={visit.locale} />
                <small>{noteOn(event, visit.locale)}</small>
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  )
}

interface CellProps {
  readonly visit: Visit
  readonly event: StoredEvent
  readonly names: Names
}

function When({ visit, event, linked }: Omit<CellProps, 'names'> & { linked: boolean }): JSX.Element {
  const time = <time datetime={visit.formats.machine(event.at)}>{visit.formats.time(event.at)}</time>
  return (
    <td role="cell" class="when">
      {linked ? (
        <a href={eventHref(event.id)}>
          <span class="visually-hidden">{logText[visit.locale].detailOf} </span>
          {time}
        </a>
      ) : (
        time
      )}
    </td>
  )
}

function Who({ visit, event, names }: CellProps): JSX.Element {
  return (
    <td role="cell" class="who">
      <span class="line">{companyOf(event, names, visit.locale)}</span>
      {event.operator === null ? null : (
        <small>
          <code>{event.operator}</code>
          {event.role === null ? null : ` · ${names.role(event.role)}`}
        </small>
      )}
    </td>
  )
}

function What({ visit, event, names }: CellProps): JSX.Element {
  const t = logText[visit.locale]
  return (
    <td role="cell" class="what">
      <span class="line">{whatOf(event, names, visit.locale)}</span>
      {event.kind === 'access' && event.decision === 'permit' ? (
        <small>{t.records(event.disclosed.count, visit.formats.number(event.disclosed.count))}</small>
      ) : null}
    </td>
  )
}

function Why({ visit, event, names }: CellProps): JSX.Element {
  const t = logText[visit.locale]
  const unstated = event.kind === 'access' ? t.noPurpose : '–'
  return (
    <td role="cell" class="why">
      <span class="line">{event.purpose === null ? unstated : names.purpose(event.purpose)}</span>
      {event.ticket === null ? null : (
        <small>
          {t.ticket} <code>{event.ticket}</code>
        </small>
      )}
    </td>
  )
}

export function eventHref(id: string): string {
  return `/log/events/${encodeURIComponent(id)}`
}

/** `Consultazione · Fattura`, or the kind of an administrative event. */
function whatOf(event: StoredEvent, names: Names, locale: Locale): string {
  const t = logText[locale]
  if (event.kind !== 'access') return t.kinds[event.kind]
  const action = event.action === null ? null : (t.actions[event.action] ?? event.action)
  const resource = event.resource === null ? null : names.resource(event.resource)
  return [action, resource].filter((part) => part !== null).join(' · ')
}

/** What the outcome alone does not say. */
function noteOn(event: StoredEvent, locale: Locale): string | null {
  if (event.decision === 'permit') return event.masked.length === 0 ? null : logText[locale].partlyMasked
  return event.decision === 'deny' ? reasonInWords(event.reasons[0], locale) : null
}

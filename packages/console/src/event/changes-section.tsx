import type { StoredDisclosure, StoredEvent } from '@varco/access-log'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import type { Visit } from '../visit/visit.ts'
import { eventText } from './text.ts'

export interface ChangesSectionProps {
  readonly visit: Visit
  readonly event: StoredEvent
  readonly disclosures: readonly StoredDisclosure[]
}

/** A change may be of a hundred records: the page lists the first. */
const LISTED = 200

/** Which fields of which records a change is about, with the commitments to what they held and were to hold. */
export function ChangesSection({ visit, event, disclosures }: ChangesSectionProps): JSX.Element | null {
  const t = eventText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const { changes = [] } = event
  if (changes.length === 0) return null
  const keys = new Map(disclosures.map(({ position, recordKey }) => [position, recordKey]))
  return (
    <section>
      <h2 class="h5">{t.changesTitle}</h2>
      <table class="table table-sm">
        <caption class="visually-hidden">{t.changesCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{t.field}</th>
            <th scope="col">{t.recordKey}</th>
            <th scope="col">{t.before}</th>
            <th scope="col">{t.after}</th>
          </tr>
        </thead>
        <tbody>
          {changes.slice(0, LISTED).map(({ field, record, before, after }) => (
            <tr>
              <th scope="row">
                {names.field(event.resource, field)} <code>{field}</code>
              </th>
              <td>
                <code>{keys.get(record) ?? visit.formats.number(record + 1)}</code>
              </td>
              <td>
                <code class="hash">{before}</code>
              </td>
              <td>
                <code class="hash">{after}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {changes.length > LISTED ? (
        <p class="hint">{t.moreChanges(visit.formats.number(changes.length - LISTED))}</p>
      ) : null}
      <p class="hint">{t.changesHelp}</p>
    </section>
  )
}

import type { EventPage } from '@varco/access-log'
import type { Assignment } from '@varco/engagement'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { companyOfAssignment } from './company-of-assignment.ts'
import { namesOf } from '../i18n/names.ts'
import { Facts } from '../layout/facts.tsx'
import { Icon } from '../layout/icon.tsx'
import { EventTable } from '../log/event-table.tsx'
import { Paging } from '../log/paging.tsx'
import type { Visit } from '../visit/visit.ts'
import { MeFrame } from './me-frame.tsx'
import { meHref, type MePlace } from './me-place.ts'
import { meText } from './text.ts'

export interface MePageProps {
  readonly visit: Visit
  readonly place: MePlace
  /** `null`: no assignment holds now. */
  readonly own: {
    readonly assignment: Assignment
    readonly others: readonly Assignment[]
    readonly found: EventPage
  } | null
}

/** What the log knows of the person who looks at it, under one pseudonym. */
export function MePage({ visit, place, own }: MePageProps): JSX.Element {
  const t = meText[visit.locale]
  return (
    <MeFrame visit={visit} section="title" lead={t.lead}>
      {own === null ? (
        <p>{t.noAssignment}</p>
      ) : (
        <div class="event-columns">
          <section class="own-accesses">
            <h2 class="h5">{t.accesses}</h2>
            {own.found.events.length === 0 ? (
              <div class="empty">
                <Icon name="search" class="icon-lg icon-primary" />
                <p>{t.none}</p>
              </div>
            ) : (
              <EventTable visit={visit} events={own.found.events} caption={t.accesses} of="me" />
            )}
            <Paging visit={visit} place={place} next={own.found.next} href={(to) => meHref(place, to)} />
          </section>
          <div>
            <Who visit={visit} assignment={own.assignment} />
            <Others visit={visit} others={own.others} />
            <section>
              <h2 class="h5">{t.rightsTitle}</h2>
              <ul class="rules">
                {t.rights.map((right) => (
                  <li>{right}</li>
                ))}
              </ul>
            </section>
          </div>
        </div>
      )}
    </MeFrame>
  )
}

function Who({ visit, assignment }: { visit: Visit; assignment: Assignment }): JSX.Element {
  const t = meText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  return (
    <section class="panel">
      <h2 class="h5">{t.asWhom}</h2>
      <Facts
        of={[
          [t.pseudonym, <code>{assignment.pseudonym}</code>],
          [t.company, companyOfAssignment(visit, assignment)],
          [t.role, names.role(assignment.role)],
          [t.unit, names.unit(assignment.unit)],
          [t.since, visit.formats.day(assignment.from)],
        ]}
      />
    </section>
  )
}

function Others({ visit, others }: { visit: Visit; others: readonly Assignment[] }): JSX.Element | null {
  const t = meText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  if (others.length === 0) return null
  return (
    <section>
      <h2 class="h5">{t.others}</h2>
      <ul class="plain-list spaced">
        {others.map((assignment) => (
          <li>
            <a href={meHref({ pseudonym: assignment.pseudonym }, {})}>
              {companyOfAssignment(visit, assignment)}, {names.role(assignment.role)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

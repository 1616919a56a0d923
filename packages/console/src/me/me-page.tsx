import type { EventPage } from '@varco/access-log'
import { workersAgreementOf } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { companyOfAssignment } from './company-of-assignment.ts'
import { namesOf } from '../i18n/names.ts'
import { Facts } from '../layout/facts.tsx'
import { Icon } from '../layout/icon.tsx'
import { EventTable } from '../log/event-table.tsx'
import { startOfDay } from '../log/log-filters.ts'
import { Paging } from '../log/paging.tsx'
import type { Visit } from '../visit/visit.ts'
import { MeFrame } from './me-frame.tsx'
import { meHref, type MePlace } from './me-place.ts'
import type { OwnAssignment } from './own-assignments.ts'
import { meText } from './text.ts'

export interface MePageProps {
  readonly visit: Visit
  readonly place: MePlace
  /** `null`: there was never an assignment. */
  readonly own:
    | (OwnAssignment & { readonly others: readonly OwnAssignment[]; readonly found: EventPage })
    | null
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
            <Who visit={visit} own={own} />
            <Others visit={visit} others={own.others} />
            <section>
              <h2 class="h5">{t.rightsTitle}</h2>
              <ul class="rules">
                {t.rights.map((right) => (
                  <li>{right}</li>
                ))}
                <li>{agreementText(visit, own.assignment)}</li>
              </ul>
            </section>
          </div>
        </div>
      )}
    </MeFrame>
  )
}

/** Under what this person's accesses may be recorded: their employer's agreement. */
function agreementText(
  { bundle, locale, formats }: Visit,
  { contract }: OwnAssignment['assignment'],
): string {
  const t = meText[locale]
  const employer = contract === null ? null : bundle.contracts.get(contract)?.processor
  const agreement = workersAgreementOf(bundle.document, employer)
  if (agreement === undefined) return t.noAgreement
  return t.agreement(
    agreement.kind,
    agreement.with,
    formats.day(startOfDay(agreement.signed, bundle.document.varco.time_zone, 0)),
    agreement.reference,
  )
}

function Who({ visit, own }: { visit: Visit; own: OwnAssignment }): JSX.Element {
  const { assignment, ended } = own
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
          [t.until, assignment.to === null ? null : visit.formats.day(assignment.to)],
        ]}
      />
      {ended ? <p class="hint mb-0">{t.ended}</p> : null}
    </section>
  )
}

function Others(props: { visit: Visit; others: readonly OwnAssignment[] }): JSX.Element | null {
  const { visit, others } = props
  const t = meText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  if (others.length === 0) return null
  return (
    <section>
      <h2 class="h5">{t.others}</h2>
      <ul class="plain-list spaced">
        {others.map(({ assignment, ended }) => (
          <li>
            <a href={meHref({ pseudonym: assignment.pseudonym }, {})}>
              {companyOfAssignment(visit, assignment)}, {names.role(assignment.role)}
            </a>
            {ended ? ` (${t.endedShort})` : ''}
          </li>
        ))}
      </ul>
    </section>
  )
}

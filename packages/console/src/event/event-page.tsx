import type { StoredDisclosure, StoredEvent } from '@varco/access-log'
import type { PurposeId, RuleId } from '@varco/core'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { Facts } from '../layout/facts.tsx'
import { Page } from '../layout/page.tsx'
import { logHref } from '../log/log-filters.ts'
import { OutcomeBadge } from '../log/outcome-badge.tsx'
import { reasonInWords } from '../log/reason-in-words.ts'
import { logText } from '../log/text.ts'
import { companyOf } from '../log/who.ts'
import type { Visit } from '../visit/visit.ts'
import { ChangesSection } from './changes-section.tsx'
import { Particulars } from './particulars.tsx'
import type { ProofVerdict } from './proof-verdict.ts'
import { ProofSection } from './proof-section.tsx'
import { sentenceOf } from './sentence.ts'
import { eventText } from './text.ts'

export interface EventPageProps {
  readonly visit: Visit
  readonly event: StoredEvent
  readonly disclosures: readonly StoredDisclosure[]
  readonly verdict: ProofVerdict
}

/** One event of the log, told in words, with its particulars and its proof. */
export function EventPage({ visit, event, disclosures, verdict }: EventPageProps): JSX.Element {
  const t = eventText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  return (
    <Page
      visit={visit}
      title={t.title}
      above={[{ title: logText[visit.locale].title, href: '/log' }]}
      lead={
        <>
          <time datetime={visit.formats.machine(event.at)}>{visit.formats.exact(event.at)}</time>
        </>
      }
      aside={<OutcomeBadge event={event} locale={visit.locale} />}
    >
      <section class="panel story" aria-labelledby="story-title">
        <h2 class="visually-hidden" id="story-title">
          {t.happened}
        </h2>
        <p>{sentenceOf(event, { locale: visit.locale, formats: visit.formats, names })}</p>
      </section>
      <div class="event-columns">
        <div>
          <Circumstances visit={visit} event={event} />
          {event.kind === 'access' ? <DecisionSection visit={visit} event={event} /> : null}
          {event.decision === 'permit' ? <FieldsSection visit={visit} event={event} /> : null}
          <FiltersSection visit={visit} event={event} />
          <ChangesSection visit={visit} event={event} disclosures={disclosures} />
          <DisclosuresSection visit={visit} event={event} disclosures={disclosures} />
          <Particulars visit={visit} event={event} />
        </div>
        <div>
          <ProofSection visit={visit} event={event} verdict={verdict} />
        </div>
      </div>
    </Page>
  )
}

function Circumstances({ visit, event }: { visit: Visit; event: StoredEvent }): JSX.Element {
  const t = eventText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const purpose = event.purpose === null ? undefined : visit.bundle.purposes.get(event.purpose as PurposeId)
  return (
    <section>
      <h2 class="h5">{t.who}</h2>
      <Facts
        of={[
          [t.company, companyOf(event, names, visit.locale)],
          [t.contract, event.contract === null ? null : names.contract(event.contract)],
          [t.unit, event.unit === null ? null : names.unit(event.unit)],
          [t.role, event.role === null ? null : names.role(event.role)],
          [
            t.pseudonym,
            event.operator === null ? null : (
              <>
                <code>{event.operator}</code>{' '}
                <a href={logHref({ filters: { operator: event.operator }, subject: undefined })}>
                  {t.samePerson}
                </a>
                <small>{t.pseudonymHelp}</small>
              </>
            ),
          ],
          [t.workstation, event.workstation],
          [t.instructedBy, event.instructedBy],
        ]}
      />
      {event.purpose === null && event.ticket === null && event.grant === null ? null : (
        <>
          <h2 class="h5">{t.why}</h2>
          <Facts
            of={[
              [
                t.purpose,
                event.purpose === null ? null : (
                  <>
                    {names.purpose(event.purpose)}
                    {purpose === undefined ? null : <small>{purpose.plain[visit.locale]}</small>}
                  </>
                ),
              ],
              [t.legalBasis, purpose?.norm],
              [
                t.ticket,
                event.ticket === null ? null : (
                  <>
                    <code>{event.ticket}</code>{' '}
                    <a href={logHref({ filters: { ticket: event.ticket }, subject: undefined })}>
                      {t.sameTicket}
                    </a>
                  </>
                ),
              ],
              [t.grant, event.grant === null ? null : <code>{event.grant}</code>],
            ]}
          />
        </>
      )}
    </section>
  )
}

function DecisionSection({ visit, event }: { visit: Visit; event: StoredEvent }): JSX.Element {
  const t = eventText[visit.locale]
  const rules = visit.bundle.document.access
  return (
    <section>
      <h2 class="h5">{t.decisionTitle}</h2>
      <Facts
        of={[
          [
            t.reasons,
            event.reasons.length === 0 ? null : (
              <ul class="plain-list">
                {event.reasons.map((code) => (
                  <li>{reasonInWords(code, visit.locale)}</li>
                ))}
              </ul>
            ),
          ],
          [
            t.rules,
            event.rules.length === 0 ? null : (
              <ul class="plain-list">
                {event.rules.map((id) => {
                  const rule = rules.find((candidate) => candidate.id === (id as RuleId))
                  return (
                    <li>
                      {rule?.because} <code>{id}</code>
                    </li>
                  )
                })}
              </ul>
            ),
          ],
          [
            t.policyVersion,
            event.policyVersion === null ? null : (
              <>
                <code title={event.policyVersion}>{event.policyVersion.slice(0, 12)}</code>{' '}
                <small>{event.policyVersion === visit.bundle.version ? t.inForce : t.olderPolicy}</small>
              </>
            ),
          ],
        ]}
      />
    </section>
  )
}

function FieldsSection({ visit, event }: { visit: Visit; event: StoredEvent }): JSX.Element {
  const t = eventText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const rows = [
    ...event.plain.map((field) => ({ field, masked: false })),
    ...event.masked.map((field) => ({ field, masked: true })),
  ]
  return (
    <section>
      <h2 class="h5">{t.fieldsTitle}</h2>
      {rows.length === 0 ? (
        <p>{t.noField}</p>
      ) : (
        <>
          <table class="table table-sm fields-shown">
            <caption class="visually-hidden">{t.fieldsCaption}</caption>
            <thead>
              <tr>
                <th scope="col">{t.field}</th>
                <th scope="col">{t.shownAs}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ field, masked }) => (
                <tr>
                  <th scope="row">
                    {names.field(event.resource, field)} <code>{field}</code>
                  </th>
                  <td>
                    <span class={masked ? 'shown shown-masked' : 'shown shown-plain'}>
                      {masked ? t.masked : t.plain}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p class="hint">{t.othersHidden}</p>
        </>
      )}
    </section>
  )
}

function FiltersSection({ visit, event }: { visit: Visit; event: StoredEvent }): JSX.Element | null {
  const t = eventText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  if (event.filters.length === 0) return null
  return (
    <section>
      <h2 class="h5">{t.filtersTitle}</h2>
      <table class="table table-sm">
        <caption class="visually-hidden">{t.filtersCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{t.field}</th>
            <th scope="col">{t.operator}</th>
            <th scope="col">{t.commitment}</th>
          </tr>
        </thead>
        <tbody>
          {event.filters.map(({ field, op, commitment }) => (
            <tr>
              <th scope="row">
                {names.field(event.resource, field)} <code>{field}</code>
              </th>
              <td>
                <code>{op}</code>
              </td>
              <td>
                <code class="hash">{commitment}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">{t.filtersHelp}</p>
    </section>
  )
}

/** An export may have shown thousands: the page lists the first. */
const DISCLOSURES_LISTED = 200

function DisclosuresSection(props: {
  visit: Visit
  event: StoredEvent
  disclosures: readonly StoredDisclosure[]
}): JSX.Element | null {
  const { visit, event, disclosures } = props
  const t = eventText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const { number } = visit.formats
  const missing = event.disclosed.count - disclosures.length
  if (event.decision !== 'permit' && event.disclosed.count === 0) return null
  return (
    <section>
      <h2 class="h5">{t.disclosuresTitle}</h2>
      {event.disclosed.count === 0 ? <p>{t.noDisclosure}</p> : null}
      {missing > 0 ? (
        <p class="alert alert-warning">
          {t.erasedDisclosures(number(missing), number(event.disclosed.count))}
        </p>
      ) : null}
      {disclosures.length === 0 ? null : (
        <table class="table table-sm">
          <caption class="visually-hidden">{t.disclosuresCaption}</caption>
          <thead>
            <tr>
              <th scope="col">{t.position}</th>
              <th scope="col">{t.resource}</th>
              <th scope="col">{t.recordKey}</th>
            </tr>
          </thead>
          <tbody>
            {disclosures.slice(0, DISCLOSURES_LISTED).map(({ position, resource, recordKey }) => (
              <tr>
                <td>{number(position + 1)}</td>
                <td>{names.resource(resource)}</td>
                <td>
                  <code>{recordKey}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {disclosures.length > DISCLOSURES_LISTED ? (
        <p class="hint">{t.moreDisclosures(number(disclosures.length - DISCLOSURES_LISTED))}</p>
      ) : null}
    </section>
  )
}

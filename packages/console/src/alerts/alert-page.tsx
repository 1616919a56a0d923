import type { Opening, StoredEvent } from '@varco/access-log'
import { MICROS_PER_SECOND, type Micros } from '@varco/core'
import { describeFact, type Alert } from '@varco/oversight'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import { LongTextField, TextField } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import { CasePage } from '../layout/case-page.tsx'
import { Facts } from '../layout/facts.tsx'
import { Icon } from '../layout/icon.tsx'
import { EventTable } from '../log/event-table.tsx'
import { calendarDay, calendarMinute } from '../log/log-filters.ts'
import { alertTitle } from '../me/alert-words.ts'
import { ReportLink } from '../reports/report-link.tsx'
import type { OrderField } from '../reports/order-fields.ts'
import type { Visit } from '../visit/visit.ts'
import { answerAct, identityRequest, openingHref } from './alert-acts.ts'
import { AllOfPerson } from './all-of-person.tsx'
import { AlertBadge } from './alert-badge.tsx'
import { AlertTable, companyOfAlert } from './alerts-page.tsx'
import { EarlierOpenings } from './earlier-openings.tsx'
import { alertsText } from './text.ts'
import type { WaitingOpening } from './waiting-openings.ts'

export interface AlertPageProps {
  readonly visit: Visit
  readonly alert: Alert
  readonly result: ActResult
  /** Those that are still in the log. */
  readonly events: readonly StoredEvent[]
  readonly similar: readonly Alert[]
  /** It is about whoever looks, under whichever of their pseudonyms. */
  readonly isOwn: boolean
  readonly mayAnswer: boolean
  readonly identity: {
    readonly pending: readonly WaitingOpening[]
    readonly openings: readonly Opening[]
    readonly mayAsk: boolean
  } | null
}

/** One alert: what is so, which accesses, what was like it, and what somebody may answer. */
export function AlertPage(props: AlertPageProps): JSX.Element {
  const { visit, alert, result } = props
  const t = alertsText[visit.locale]
  return (
    <CasePage
      visit={visit}
      title={t.caseTitle(alert.id)}
      above={[{ title: t.title, href: '/alerts' }]}
      lead={alertTitle(alert.rule, visit.locale)}
      badge={<AlertBadge visit={visit} alert={alert} />}
      result={result}
      acts={
        <>
          <NoticeClock visit={visit} alert={alert} />
          <Answering {...props} />
          <IdentitySection {...props} />
        </>
      }
    >
      <section>
        <h2 class="h5">{t.factsTitle}</h2>
        <ul class="rules">
          {alert.facts.map((fact) => (
            <li>{describeFact(fact, visit.locale)}</li>
          ))}
        </ul>
      </section>
      <About visit={visit} alert={alert} />
      <AnswerGiven visit={visit} alert={alert} />
      <Contests visit={visit} alert={alert} />
      <Events {...props} />
      <Similar {...props} />
      <p class="hint">{t.readingRecorded}</p>
    </CasePage>
  )
}

function About({ visit, alert }: { visit: Visit; alert: Alert }): JSX.Element {
  const t = alertsText[visit.locale]
  const { formats } = visit
  const { operator, contract } = alert
  return (
    <section>
      <h2 class="h5">{t.aboutTitle}</h2>
      <Facts
        of={[
          [t.company, companyOfAlert(visit, alert)],
          [t.contract, contract === null ? null : namesOf(visit.bundle, visit.locale).contract(contract)],
          [
            t.pseudonym,
            operator === null ? null : (
              <>
                <code>{operator}</code> <AllOfPerson visit={visit} operator={operator} />
              </>
            ),
          ],
          [t.between, t.fromTo(formats.instant(alert.firstAt), formats.instant(alert.lastAt))],
          [t.accesses, formats.number(alert.eventCount)],
          [t.raised, formats.exact(alert.raisedAt)],
        ]}
      />
    </section>
  )
}

function AnswerGiven({ visit, alert }: { visit: Visit; alert: Alert }): JSX.Element | null {
  const t = alertsText[visit.locale]
  const { decision, state } = alert
  if (decision === null) return null
  return (
    <section>
      <h2 class="h5">{t.answerTitle}</h2>
      <Facts
        of={[
          [t.state, t.states[state]],
          [t.answeredBy, <code>{decision.by}</code>],
          [t.answeredOn, visit.formats.exact(decision.at)],
          [t.reason, <p class="said">{decision.reason}</p>],
        ]}
      />
    </section>
  )
}

function Contests({ visit, alert }: { visit: Visit; alert: Alert }): JSX.Element | null {
  const t = alertsText[visit.locale]
  if (alert.operator === null) return null
  return (
    <section>
      <h2 class="h5">{t.contestsTitle}</h2>
      {alert.contests.length === 0 ? (
        <p>{t.noContest}</p>
      ) : (
        <ol class="history">
          {alert.contests.map(({ at, text }) => (
            <li>
              <time datetime={visit.formats.machine(at)}>{visit.formats.instant(at)}</time>
              <p class="said">{text}</p>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function Events({ visit, alert, events }: AlertPageProps): JSX.Element {
  const t = alertsText[visit.locale]
  const { number } = visit.formats
  return (
    <section>
      <h2 class="h5">{t.eventsTitle}</h2>
      {events.length === 0 ? (
        <p>{t.eventsGone}</p>
      ) : (
        <>
          <EventTable visit={visit} events={events} caption={t.eventsCaption} of="everybody" />
          {events.length < alert.eventCount ? (
            <p class="hint">{t.eventsShown(number(events.length), number(alert.eventCount))}</p>
          ) : null}
        </>
      )}
    </section>
  )
}

function Similar({ visit, alert, similar }: AlertPageProps): JSX.Element {
  const t = alertsText[visit.locale]
  return (
    <section>
      <h2 class="h5">{t.similarTitle}</h2>
      {similar.length === 0 ? (
        <p>{t.noSimilar}</p>
      ) : (
        <AlertTable
          visit={visit}
          alerts={similar}
          caption={t.similarCaption}
          also={{
            title: t.why,
            of: (other) =>
              other.operator !== null && other.operator === alert.operator ? t.samePerson : t.sameRule,
          }}
        />
      )}
    </section>
  )
}

/** GDPR Art. 33(1): what is left of the 72 hours. */
function NoticeClock({ visit, alert }: { visit: Visit; alert: Alert }): JSX.Element | null {
  const t = alertsText[visit.locale]
  const by = alert.decision?.notifyBy
  if (by === undefined || by === null) return null
  const left = by - visit.now
  return (
    <section class={`panel act ${left > 0n ? '' : 'act-danger'}`}>
      <h2 class="h5">{t.clockTitle}</h2>
      <p class="verdict">
        <Icon name="clock" class="icon-sm" />
        <span>
          {left > 0n
            ? t.clockRunning(hoursAndMinutes(left, t.hours), visit.formats.exact(by))
            : t.clockOver(visit.formats.exact(by))}
        </span>
      </p>
      <ReportLink visit={visit} kind="breach" of={breachOf(visit, alert)}>
        {t.clockScope}
      </ReportLink>
    </section>
  )
}

/** What is known of the alert; the body's own number and the sentence are a person's to write. */
function breachOf({ bundle }: Visit, alert: Alert): Readonly<Partial<Record<OrderField, string>>> {
  const { operator, contract, decision, firstAt, lastAt } = alert
  const timeZone = bundle.document.varco.time_zone
  return {
    aware: calendarMinute(decision?.at ?? alert.raisedAt, timeZone),
    from: calendarDay(firstAt, timeZone),
    to: calendarDay(lastAt, timeZone),
    ...(operator === null ? (contract === null ? {} : { contract }) : { operator }),
  }
}

function hoursAndMinutes(left: Micros, words: (hours: number, minutes: number) => string): string {
  const minutes = Number(left / (60n * MICROS_PER_SECOND))
  return words(Math.floor(minutes / 60), minutes % 60)
}

function Answering({ visit, alert, result, isOwn, mayAnswer }: AlertPageProps): JSX.Element | null {
  const t = alertsText[visit.locale]
  if (alert.state !== 'open' || !mayAnswer) return null
  if (isOwn) return <p class="panel">{t.ownAlert}</p>
  return (
    <>
      <ActForm visit={visit} act={answerAct(visit, alert, 'explained')}>
        <LongTextField
          name="reason"
          id="explain-reason"
          label={t.explainReason}
          help={t.reasonHelp}
          minlength={10}
          result={result}
        />
      </ActForm>
      <ActForm visit={visit} act={answerAct(visit, alert, 'confirmed')}>
        <LongTextField
          name="reason"
          id="confirm-reason"
          label={t.confirmReason}
          help={t.reasonHelp}
          minlength={10}
          result={result}
        />
      </ActForm>
    </>
  )
}

function IdentitySection(props: AlertPageProps): JSX.Element | null {
  const { visit, alert, identity, isOwn, result } = props
  const t = alertsText[visit.locale]
  // Nobody looks after an opening of their own: their page tells them of it.
  if (identity === null || alert.operator === null || isOwn) return null
  const { pending, openings, mayAsk } = identity
  return (
    <>
      {pending.map(({ request, isOwn }) => (
        <section class="panel act">
          <h2 class="h5">{t.identityTitle}</h2>
          <p>{t.identityPending(request.requestedBy, visit.formats.instant(request.requestedAt))}</p>
          <Facts
            of={[
              [t.identityCase, <code>{request.caseId}</code>],
              [t.reason, <p class="said">{request.reason}</p>],
            ]}
          />
          {isOwn ? (
            <p class="mb-0">{t.identityWaits}</p>
          ) : (
            <a class="btn btn-primary" href={openingHref(request.id)}>
              {t.identityDecide}
            </a>
          )}
        </section>
      ))}
      {mayAsk && pending.length === 0 ? (
        <ActForm visit={visit} act={identityRequest(visit, alert)}>
          <p class="hint">{t.identityLead}</p>
          <TextField
            name="case"
            label={t.identityCase}
            help={t.identityCaseHelp}
            maxlength={30}
            result={result}
          />
          <LongTextField
            name="reason"
            id="identity-reason"
            label={t.identityReason}
            help={t.identityReasonHelp}
            minlength={10}
            maxlength={500}
            result={result}
          />
        </ActForm>
      ) : null}
      <EarlierOpenings visit={visit} openings={openings} />
    </>
  )
}

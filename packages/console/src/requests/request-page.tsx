import { deadlineOf, REFUSAL_GROUNDS, type DataSubjectRequest, type OfficeCalendar } from '@varco/reports'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import { LongTextField, SelectField, TextField } from '../act/fields.tsx'
import { CasePage } from '../layout/case-page.tsx'
import { Facts } from '../layout/facts.tsx'
import type { Visit } from '../visit/visit.ts'
import { dayInWords } from './plain-day.ts'
import { recordActsText } from './record-acts-text.ts'
import { mayTouchRecords, recordAct, recordActOf, type RecordActName } from './record-acts.ts'
import { RecordsSection, type RequestPlan } from './records-section.tsx'
import { actOf, openActs, requestAct, type RequestActName } from './request-acts.ts'
import { RequestBadge } from './request-badge.tsx'
import { requestsText } from './text.ts'

export interface RequestPageProps {
  readonly visit: Visit
  readonly request: DataSubjectRequest
  readonly calendar: OfficeCalendar
  readonly result: ActResult
  /** Made to carry it out, where it is one of erasure. */
  readonly plans: readonly RequestPlan[]
}

/** One request: what was asked, until when, what was done, and what can be done. */
export function RequestPage(props: RequestPageProps): JSX.Element {
  const { visit, request, calendar, result, plans } = props
  const toDo = recordActOf(request)
  const mayTouch = mayTouchRecords(request)
  const t = requestsText[visit.locale]
  const { formats } = visit
  const deadline = deadlineOf(request, calendar)
  const inWords = (day: Parameters<typeof dayInWords>[0]): string =>
    dayInWords(day, formats, calendar.timeZone)
  return (
    <CasePage
      visit={visit}
      title={request.id}
      above={[{ title: t.title, href: '/requests' }]}
      lead={t.rights[request.right]}
      badge={<RequestBadge visit={visit} request={request} calendar={calendar} />}
      result={result}
      acts={
        <>
          {toDo === null || !mayTouch ? null : (
            <RecordActForm visit={visit} request={request} name={toDo} result={result} />
          )}
          {openActs(request).map((name) => (
            <ActForm visit={visit} act={actOf(visit, request.id, name)}>
              <ActFields visit={visit} name={name} result={result} />
            </ActForm>
          ))}
        </>
      }
    >
      <section>
        <h2 class="h5">{t.facts}</h2>
        <Facts
          of={[
            [t.received, formats.day(request.receivedAt)],
            [t.channel, t.channels[request.channel]],
            [t.identifier, request.identifier ?? t.notGiven],
            [t.replyTo, request.replyTo ?? t.notGiven],
            [t.identity, t.identities[request.identity.state]],
          ]}
        />
        {request.outcome === null && request.right === 'access' ? (
          <p>
            <a
              class="btn btn-outline-primary"
              href={`/reports/subject?request=${encodeURIComponent(request.id)}`}
            >
              {t.makeReport}
            </a>
          </p>
        ) : null}
      </section>
      <RecordsSection visit={visit} plans={plans} mustConfirm={toDo !== null && !mayTouch} />
      <section>
        <h2 class="h5">{t.deadlines}</h2>
        {deadline === null ? (
          <p>{t.dueNone}</p>
        ) : (
          <Facts
            of={[
              [t.from, inWords(deadline.from)],
              [t.first, inWords(deadline.first)],
              [t.last, inWords(deadline.due)],
            ]}
          />
        )}
      </section>
      <section>
        <h2 class="h5">{t.history}</h2>
        <ol class="history">
          {historyOf(visit, request).map(({ at, what, who, said }) => (
            <li>
              <time datetime={formats.machine(at)}>{formats.instant(at)}</time>
              {what} {who === null ? null : <small>{t.by(who)}</small>}
              {said === null ? null : <p class="said">{said}</p>}
            </li>
          ))}
        </ol>
      </section>
    </CasePage>
  )
}

function RecordActForm(props: {
  visit: Visit
  request: DataSubjectRequest
  name: RecordActName
  result: ActResult
}): JSX.Element {
  const { visit, request, name, result } = props
  const t = recordActsText[visit.locale]
  return (
    <ActForm visit={visit} act={recordAct(visit, request.id, name)}>
      {name === 'restrict' ? (
        <LongTextField
          name="reason"
          id="restrict-reason"
          label={t.reason}
          help={t.reasonHelp}
          minlength={10}
          result={result}
        />
      ) : null}
    </ActForm>
  )
}

function ActFields(props: { visit: Visit; name: RequestActName; result: ActResult }): JSX.Element {
  const { visit, name, result } = props
  const t = requestsText[visit.locale]
  const { needs } = requestAct(name)
  return (
    <>
      {needs.includes('ground') ? (
        <SelectField
          name="ground"
          id={`${name}-ground`}
          label={t.groundLabel}
          result={result}
          options={REFUSAL_GROUNDS.map((value) => ({ value, title: t.grounds[value] }))}
        />
      ) : null}
      {needs.includes('reason') ? (
        <LongTextField
          name="reason"
          id={`${name}-reason`}
          label={t.reasonLabel}
          help={t.reasonHelp}
          minlength={20}
          result={result}
        />
      ) : null}
      {needs.includes('answer') ? (
        <TextField
          name="answer"
          id={`${name}-answer`}
          label={t.answerLabel}
          help={t.answerHelp}
          maxlength={64}
          result={result}
        />
      ) : null}
    </>
  )
}

interface Step {
  readonly at: bigint
  readonly what: string
  readonly who: string | null
  readonly said: string | null
}

/** What was done about the request, oldest first. */
function historyOf({ locale }: Visit, request: DataSubjectRequest): readonly Step[] {
  const t = requestsText[locale]
  const { identity, extension, outcome } = request
  const steps: Step[] = [{ at: request.receivedAt, what: t.receivedDone, who: null, said: null }]
  if (identity.askedAt !== null)
    steps.push({ at: identity.askedAt, what: t.identityAsked, who: null, said: null })
  if (identity.settledAt !== null)
    steps.push({ at: identity.settledAt, what: t.identities[identity.state], who: null, said: null })
  if (extension !== null)
    steps.push({ at: extension.at, what: t.extended, who: extension.by, said: extension.reason })
  if (outcome !== null) {
    const said =
      outcome.kind === 'refused'
        ? `${t.grounds[outcome.ground]}. ${outcome.reason}`
        : outcome.kind === 'answered'
          ? `${t.answerHash}: ${outcome.answer}`
          : null
    steps.push({ at: outcome.at, what: t.outcomes[outcome.kind], who: outcome.by, said })
  }
  return steps.sort((a, b) => (a.at < b.at ? -1 : 1))
}

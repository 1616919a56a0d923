import { describeFact, type Alert } from '@varco/oversight'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import { LongTextField } from '../act/fields.tsx'
import { Empty } from '../layout/empty.tsx'
import { Facts } from '../layout/facts.tsx'
import { StateBadge, type Tone } from '../layout/state-badge.tsx'
import type { Visit } from '../visit/visit.ts'
import { alertTitle } from './alert-words.ts'
import { contestAct } from './contest-act.ts'
import { MeFrame } from './me-frame.tsx'
import { meText } from './text.ts'

export interface MeAlertsPageProps {
  readonly visit: Visit
  readonly alerts: readonly Alert[]
  readonly result: ActResult
  /** What was typed of an alert's contest that was not complete. */
  readonly typed?: { readonly id: string; readonly text: string }
}

/** The alerts about the person who looks: the facts they rest on, what was answered, and their own word on it. */
export function MeAlertsPage({ visit, alerts, result, typed }: MeAlertsPageProps): JSX.Element {
  const t = meText[visit.locale]
  return (
    <MeFrame visit={visit} section="alertsTitle" lead={t.alertsLead} result={result}>
      {alerts.length === 0 ? <Empty icon="check-circle">{t.noAlerts}</Empty> : null}
      {alerts.map((alert) => (
        <OwnAlert
          visit={visit}
          alert={alert}
          result={typed?.id === alert.id ? result : null}
          typed={typed?.id === alert.id ? typed.text : ''}
        />
      ))}
    </MeFrame>
  )
}

const TONES: Readonly<Record<Alert['state'], readonly [Tone, string]>> = {
  open: ['warning', 'clock'],
  explained: ['permit', 'check-circle'],
  confirmed: ['deny', 'warning-circle'],
}

function OwnAlert(props: { visit: Visit; alert: Alert; result: ActResult; typed: string }): JSX.Element {
  const { visit, alert, result, typed } = props
  const t = meText[visit.locale]
  const { formats, locale } = visit
  const [tone, icon] = TONES[alert.state]
  return (
    <article class="own-alert" id={`alert-${alert.id}`}>
      <h2 class="h5">
        {alertTitle(alert.rule, locale)}{' '}
        <StateBadge tone={tone} icon={icon}>
          {t.alertStates[alert.state]}
        </StateBadge>
      </h2>
      <div class="event-columns">
        <div>
          <Facts
            of={[
              [t.alertNumber, <code>{alert.id}</code>],
              [t.pseudonym, <code>{alert.operator}</code>],
              [t.alertRaised, formats.instant(alert.raisedAt)],
              [t.alertPeriod, t.fromTo(formats.instant(alert.firstAt), formats.instant(alert.lastAt))],
              [t.alertEvents, formats.number(alert.eventCount)],
              [
                t.alertFacts,
                <ul class="plain-list">
                  {alert.facts.map((fact) => (
                    <li>{describeFact(fact, locale)}</li>
                  ))}
                </ul>,
              ],
              [
                t.alertAnswer,
                alert.decision === null
                  ? t.alertUnanswered
                  : t.alertAnswered(t.alertStates[alert.state], formats.instant(alert.decision.at)),
              ],
            ]}
          />
          {alert.contests.length === 0 ? null : (
            <>
              <h3 class="h6">{t.yourWords}</h3>
              <ol class="history">
                {alert.contests.map(({ at, text }) => (
                  <li>
                    <time datetime={formats.machine(at)}>{formats.instant(at)}</time>
                    <p class="said">{text}</p>
                  </li>
                ))}
              </ol>
            </>
          )}
        </div>
        <div class="acts">
          <ActForm visit={visit} act={contestAct(visit, alert.id)}>
            <LongTextField
              name="text"
              id={`text-${alert.id}`}
              label={t.contestLabel}
              help={t.contestHelp}
              value={typed}
              result={result}
              maxlength={4_000}
            />
          </ActForm>
        </div>
      </div>
    </article>
  )
}

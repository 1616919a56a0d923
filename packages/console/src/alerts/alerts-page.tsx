import type { Alert, AlertRuleId, AlertState } from '@varco/oversight'
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { Page } from '../layout/page.tsx'
import { ListPaging } from '../log/list-paging.tsx'
import { alertTitle } from '../me/alert-words.ts'
import type { Visit } from '../visit/visit.ts'
import { AlertBadge } from './alert-badge.tsx'
import { AlertSections } from './alert-sections.tsx'
import { alertsText } from './text.ts'

/** A page of the list. */
export const ALERTS_LISTED = 50

export interface AlertsPageProps {
  readonly visit: Visit
  readonly state: AlertState
  readonly rule: AlertRuleId | null
  readonly counts: Readonly<Record<AlertState, number>>
  /** Openings of identities that wait for whoever looks. */
  readonly openings: number
  readonly alerts: readonly Alert[]
  /** Where the next page starts; `null` on the last. */
  readonly next: string | null
}

/** Alerts by state, the newest first: what they ask about, never how much anybody does. */
export function AlertsPage(props: AlertsPageProps): JSX.Element {
  const { visit, state, rule, counts, openings, alerts, next } = props
  const t = alertsText[visit.locale]
  return (
    <Page visit={visit} title={t.title} above={[]} lead={t.lead}>
      <AlertSections {...{ visit, counts, openings }} here={state} />
      {rule === null ? null : (
        <p>
          {t.filtered} {alertTitle(rule, visit.locale)} (
          <a href={state === 'open' ? '/alerts' : `/alerts?state=${state}`}>{t.noFilter}</a>)
        </p>
      )}
      {alerts.length === 0 ? (
        <Empty icon="check-circle">{t.none[state]}</Empty>
      ) : (
        <AlertTable visit={visit} alerts={alerts} caption={t.caption(t.views[state])} />
      )}
      <ListPaging visit={visit} next={next} />
    </Page>
  )
}

export function AlertTable(props: {
  visit: Visit
  alerts: readonly Alert[]
  caption: string
  /** A further column, for instance what two alerts have in common. */
  also?: { readonly title: string; readonly of: (alert: Alert) => Child }
}): JSX.Element {
  const { visit, alerts, caption, also } = props
  const t = alertsText[visit.locale]
  const { formats } = visit
  return (
    <ListTable
      caption={caption}
      columns={[t.alert, t.about, t.accesses, t.raised, t.state, ...(also === undefined ? [] : [also.title])]}
      rows={alerts.map((alert) => [
        <>
          <a href={`/alerts/${alert.id}`}>{alertTitle(alert.rule, visit.locale)}</a>
          {also === undefined ? (
            <small class="d-block">
              <code>{alert.id}</code>
            </small>
          ) : null}
        </>,
        <>
          {companyOfAlert(visit, alert)}
          <small class="d-block">
            {alert.operator === null ? t.theContract : <code>{alert.operator}</code>}
          </small>
        </>,
        formats.number(alert.eventCount),
        <time datetime={formats.machine(alert.raisedAt)}>{formats.instant(alert.raisedAt)}</time>,
        <>
          <AlertBadge visit={visit} alert={alert} />
          {alert.contests.length === 0 ? null : (
            <small class="d-block">{t.contested(alert.contests.length)}</small>
          )}
        </>,
        ...(also === undefined ? [] : [also.of(alert)]),
      ])}
    />
  )
}

/** The company whose contract an alert is about; the body for its own staff. */
export function companyOfAlert({ bundle, locale }: Visit, { contract }: Alert): string {
  if (contract === null) return bundle.document.varco.controller.name
  const processor = [...bundle.contracts.values()].find(({ id }) => id === contract)?.processor
  return processor === undefined ? contract : namesOf(bundle, locale).processor(processor)
}

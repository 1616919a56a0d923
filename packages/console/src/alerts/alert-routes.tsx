import {
  VaultRefusedError,
  type AccessLog,
  type AccessLogReader,
  type IdentityVault,
  type StoredEvent,
} from '@varco/access-log'
import { actDone } from '../act/act-done.ts'
import { asId, type Clock, type Pseudonym, type RequestId } from '@varco/core'
import { ALERT_STATES, answerAlert, type Alert, type AlertState, type AlertStore } from '@varco/oversight'
import { Hono, type Context } from 'hono'
import * as z from 'zod'
import type { ActResult, FieldProblem } from '../act/act-note.tsx'
import type { Act, FilledAct } from '../act/act.ts'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { caseReferenceSchema } from '../log/data-subject-search.ts'
import { recordReading } from '../log/log-reading.ts'
import { pageOf, readPlace } from '../log/place.ts'
import { alertTitle, isAlertRule } from '../me/alert-words.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { may } from '../visit/may.ts'
import { selfOf } from '../visit/viewer.ts'
import type { Visit } from '../visit/visit.ts'
import { answerAct, identityRequest } from './alert-acts.ts'
import { AlertPage } from './alert-page.tsx'
import { ALERTS_LISTED, AlertsPage } from './alerts-page.tsx'
import { openingRoutes } from './opening-routes.tsx'
import { alertsText } from './text.ts'
import { openingsToDecide, waitingOpenings } from './waiting-openings.ts'

export interface AlertRoutesDeps {
  readonly alerts: AlertStore
  readonly vault: Pick<IdentityVault, 'request' | 'pending' | 'approve' | 'refuse' | 'openingsOf'>
  readonly reader: AccessLogReader
  readonly log: AccessLog
  readonly clock: Clock
  readonly newRequestId: () => RequestId
}

type AlertContext = Context<GuardedEnv>
type Done = keyof (typeof alertsText)['it']['done']

/** Similar cases that the page lists. */
const SIMILAR = 10

const reasonSchema = z.string().trim().min(10).max(2_000)
const identitySchema = z.object({
  case: z
    .string()
    .trim()
    .transform((text) => text.toUpperCase())
    .pipe(caseReferenceSchema),
  reason: z.string().trim().min(10).max(500),
})

/** What the watch asks about: looked at, answered, and, by two people, put to a person. */
export function alertRoutes(deps: AlertRoutesDeps): Hono<GuardedEnv> {
  const { alerts, vault, log } = deps

  const alertOf = (c: AlertContext): Promise<Alert | null> => alerts.alert(c.req.param('id') ?? '')

  /** The page, once its reading is recorded. */
  const show = async (c: AlertContext, alert: Alert, result: ActResult, status: 200 | 400 | 409 = 200) => {
    const { visit, assignment } = c.var
    const [events, similar, pending, openings, isOwn] = await Promise.all([
      eventsOf(deps.reader, alert),
      similarTo(alerts, alert),
      alert.operator === null ? [] : waitingOpenings(vault, visit),
      alert.operator === null ? [] : vault.openingsOf(asId<Pseudonym>(alert.operator)),
      isAbout(visit, alert),
    ])
    await recordReading(log, visit, {
      action: 'read',
      reader: assignment,
      detail: { page: 'alert', alert: alert.id, shown: events.length },
    })
    return c.html(
      asHtml(
        <AlertPage
          {...{ visit, alert, result, events, similar, isOwn }}
          mayAnswer={may(visit, 'answer-alerts')}
          identity={{
            pending: pending.filter(({ request }) => request.pseudonym === alert.operator),
            openings,
            mayAsk: may(visit, 'ask-identity'),
          }}
        />,
      ),
      status,
    )
  }

  const answer = async (c: AlertContext, state: Exclude<AlertState, 'open'>) => {
    const { visit, assignment } = c.var
    const alert = await alertOf(c)
    if (alert === null) return c.html(notFoundPage(visit), 404)
    const form = sentForm(await c.req.parseBody())
    const reason = reasonSchema.safeParse(form['reason'])
    const t = alertsText[visit.locale]
    const field = state === 'explained' ? 'explain-reason' : 'confirm-reason'
    if (!reason.success) return show(c, alert, incomplete([{ field, text: t.problems.reason }]), 400)
    const act = filled(visit, alert, answerAct(visit, alert, state), { reason: reason.data }, [
      [state === 'explained' ? t.explainReason : t.confirmReason, reason.data],
    ])
    if (await isAbout(visit, alert))
      return show(c, alert, { kind: 'refused', text: t.refused['own-alert'] }, 409)
    if (!isConfirmed(form)) return c.html(confirmPage(visit, act))
    const { refused } = await answerAlert(
      { store: alerts, log, clock: deps.clock, newRequestId: deps.newRequestId },
      { id: alert.id, state, by: assignment.pseudonym, reason: reason.data },
    )
    if (refused === null) return toAlert(c, alert, state)
    return show(c, (await alertOf(c)) ?? alert, { kind: 'refused', text: t.refused[refused] }, 409)
  }

  return new Hono<GuardedEnv>()
    .route('/', openingRoutes({ alerts, vault, log }))
    .get('/alerts', guard('read-alerts'), async (c) => {
      const { visit, assignment } = c.var
      const asked = c.req.query('state')
      const state = ALERT_STATES.find((each) => each === asked) ?? 'open'
      const wanted = c.req.query('rule') ?? ''
      const rule = isAlertRule(wanted) ? wanted : null
      const { after } = readPlace(visit.url.searchParams)
      const [openings, counts, found] = await Promise.all([
        openingsToDecide(vault, visit),
        alerts.alertCounts(),
        alerts.alerts({
          ...{ state, limit: ALERTS_LISTED + 1 },
          ...(rule === null ? {} : { rule }),
          ...(after === undefined ? {} : { after }),
        }),
      ])
      const { shown, next } = pageOf(found, ALERTS_LISTED, ({ id }) => id)
      await recordReading(log, visit, {
        action: 'search',
        reader: assignment,
        detail: { page: 'alerts', state, rule, shown: shown.length },
      })
      return c.html(asHtml(<AlertsPage {...{ visit, state, rule, counts, openings, next }} alerts={shown} />))
    })

    .get('/alerts/:id', guard('read-alerts'), async (c) => {
      const alert = await alertOf(c)
      if (alert === null) return c.html(notFoundPage(c.var.visit), 404)
      return show(c, alert, actDone(c.var.visit, alertsText[c.var.visit.locale].done))
    })

    .post('/alerts/:id/explain', guard('answer-alerts'), (c) => answer(c, 'explained'))
    .post('/alerts/:id/confirm', guard('answer-alerts'), (c) => answer(c, 'confirmed'))

    .post('/alerts/:id/identity', guard('ask-identity'), async (c) => {
      const { visit, assignment } = c.var
      const alert = await alertOf(c)
      if (alert === null || alert.operator === null || (await isAbout(visit, alert)))
        return c.html(notFoundPage(visit), 404)
      const { operator } = alert
      const sent = sentForm(await c.req.parseBody())
      const form = identitySchema.safeParse({ case: sent['case'] ?? '', reason: sent['reason'] ?? '' })
      const t = alertsText[visit.locale]
      if (!form.success) {
        const wrong = new Set(form.error.issues.map(({ path }) => path[0]))
        return show(
          c,
          alert,
          incomplete([
            ...(wrong.has('case') ? [{ field: 'case', text: t.problems.case }] : []),
            ...(wrong.has('reason') ? [{ field: 'identity-reason', text: t.problems.reason }] : []),
          ]),
          400,
        )
      }
      const { case: caseId, reason } = form.data
      const act = filled(visit, alert, identityRequest(visit, alert), { case: caseId, reason }, [
        [t.pseudonym, operator],
        [t.identityCase, caseId],
        [t.identityReason, reason],
      ])
      if (!isConfirmed(sent)) return c.html(confirmPage(visit, act))
      try {
        const pseudonym = asId<Pseudonym>(operator)
        await vault.request({ pseudonym, caseId, reason, by: assignment.pseudonym })
      } catch (error) {
        if (!(error instanceof VaultRefusedError)) throw error
        return show(c, alert, { kind: 'refused', text: t.vaultRefused[error.reason] }, 409)
      }
      return toAlert(c, alert, 'identity-asked')
    })
}

/** Whether it is about whoever looks, under whichever of their pseudonyms. */
async function isAbout({ viewer }: Visit, { operator }: Alert): Promise<boolean> {
  return operator !== null && (await selfOf(viewer))(operator)
}

function toAlert(c: AlertContext, { id }: Alert, done: Done): Response {
  return c.redirect(`/alerts/${id}?done=${done}`, 303)
}

function incomplete(problems: readonly FieldProblem[]): ActResult {
  return { kind: 'incomplete', problems }
}

function filled(
  { locale }: Visit,
  alert: Alert,
  act: Act,
  carried: FilledAct['carried'],
  stated: FilledAct['stated'],
): FilledAct {
  const t = alertsText[locale]
  return {
    ...act,
    carried,
    stated: [[t.alert, alertTitle(alert.rule, locale)], ...stated],
    above: [
      { title: t.title, href: '/alerts' },
      { title: t.caseTitle(alert.id), href: `/alerts/${alert.id}` },
    ],
  }
}

/** The events an alert names, those that the log still has. */
async function eventsOf(reader: AccessLogReader, alert: Alert): Promise<readonly StoredEvent[]> {
  const found = await Promise.all(alert.events.map((id) => reader.find(id)))
  return found.filter((event) => event !== null)
}

/** Of the same person first, then of the same rule; the alert itself left out. */
async function similarTo(alerts: AlertStore, { id, operator, rule }: Alert): Promise<readonly Alert[]> {
  const [ofPerson, ofRule] = await Promise.all([
    operator === null ? [] : alerts.alerts({ operator, limit: SIMILAR + 1 }),
    alerts.alerts({ rule, limit: SIMILAR + 1 }),
  ])
  const all = new Map([...ofPerson, ...ofRule].map((alert) => [alert.id, alert]))
  all.delete(id)
  return [...all.values()].slice(0, SIMILAR)
}

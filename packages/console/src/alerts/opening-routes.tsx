import { VaultRefusedError, type AccessLog, type Identity, type IdentityVault } from '@varco/access-log'
import type { AlertStore } from '@varco/oversight'
import { Hono, type Context } from 'hono'
import { actDone } from '../act/act-done.ts'
import type { ActResult } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { recordReading } from '../log/log-reading.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { may } from '../visit/may.ts'
import { identityDecision, openingHref } from './alert-acts.ts'
import { OpeningPage } from './opening-page.tsx'
import { OpeningsPage } from './openings-page.tsx'
import { alertsText } from './text.ts'
import { waitingOpenings, type WaitingOpening } from './waiting-openings.ts'

export interface OpeningRoutesDeps {
  readonly alerts: AlertStore
  readonly vault: Pick<IdentityVault, 'pending' | 'approve' | 'refuse' | 'openingsOf'>
  readonly log: AccessLog
}

type OpeningContext = Context<GuardedEnv>

/** Alerts about the pseudonym that the page lists. */
const ALERTS_SHOWN = 10

/** Identities that somebody asked to open, at an alert or by command: what waits, and the second person's word. */
export function openingRoutes({ alerts, vault, log }: OpeningRoutesDeps): Hono<GuardedEnv> {
  const openingOf = async (c: OpeningContext): Promise<WaitingOpening | null> =>
    (await waitingOpenings(vault, c.var.visit)).find(
      ({ request }) => request.id === c.req.param('request'),
    ) ?? null

  /** The page, once its reading is recorded. */
  const show = async (
    c: OpeningContext,
    opening: WaitingOpening,
    result: ActResult,
    { status = 200, opened = null }: { status?: 200 | 409; opened?: Identity | null } = {},
  ) => {
    const { visit, assignment } = c.var
    const { pseudonym, id } = opening.request
    const [about, earlier] = await Promise.all([
      alerts.alerts({ operator: pseudonym, limit: ALERTS_SHOWN }),
      vault.openingsOf(pseudonym),
    ])
    await recordReading(log, visit, {
      action: 'read',
      reader: assignment,
      detail: { page: 'opening', opening: id, shown: about.length },
    })
    const mayOpen = may(visit, 'open-identity')
    return c.html(
      asHtml(<OpeningPage {...{ visit, opening, result, earlier, mayOpen, opened }} alerts={about} />),
      status,
    )
  }

  const decide = async (c: OpeningContext, decision: 'open' | 'refuse') => {
    const { visit, assignment } = c.var
    const opening = await openingOf(c)
    if (opening === null) return c.html(notFoundPage(visit), 404)
    const { request, isOwn } = opening
    const t = alertsText[visit.locale]
    const refused = (reason: keyof typeof t.vaultRefused) =>
      show(c, opening, { kind: 'refused', text: t.vaultRefused[reason] }, { status: 409 })
    // Under none of their pseudonyms, where the vault knows the one alone.
    if (isOwn) return refused('same-person')
    if (!isConfirmed(sentForm(await c.req.parseBody())))
      return c.html(
        confirmPage(visit, {
          ...identityDecision(visit, request.id, decision),
          carried: {},
          stated: [
            [t.pseudonym, request.pseudonym],
            [t.identityCase, request.caseId],
            [t.reason, request.reason],
          ],
          above: [
            { title: t.title, href: '/alerts' },
            { title: t.openings, href: '/alerts/openings' },
            { title: t.openingTitle(request.pseudonym), href: openingHref(request.id) },
          ],
        }),
      )
    try {
      if (decision === 'open')
        return await show(c, opening, null, { opened: await vault.approve(request.id, assignment.pseudonym) })
      await vault.refuse(request.id, assignment.pseudonym)
      return c.redirect('/alerts/openings?done=identity-refused', 303)
    } catch (error) {
      if (!(error instanceof VaultRefusedError)) throw error
      return refused(error.reason)
    }
  }

  return new Hono<GuardedEnv>()
    .get('/alerts/openings', guard('read-alerts'), async (c) => {
      const { visit, assignment } = c.var
      const [openings, counts] = await Promise.all([waitingOpenings(vault, visit), alerts.alertCounts()])
      await recordReading(log, visit, {
        action: 'search',
        reader: assignment,
        detail: { page: 'openings', shown: openings.length },
      })
      const result = actDone(visit, alertsText[visit.locale].openingsDone)
      return c.html(asHtml(<OpeningsPage {...{ visit, counts, openings, result }} />))
    })

    .get('/alerts/openings/:request', guard('read-alerts'), async (c) => {
      const opening = await openingOf(c)
      return opening === null ? c.html(notFoundPage(c.var.visit), 404) : show(c, opening, null)
    })

    .post('/alerts/openings/:request/open', guard('open-identity'), (c) => decide(c, 'open'))
    .post('/alerts/openings/:request/refuse', guard('open-identity'), (c) => decide(c, 'refuse'))
}

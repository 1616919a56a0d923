import { planRetention, recordsToGo, type RetentionPlan } from '@varco/retention'
import { Hono, type Context } from 'hono'
import { actDone, statusAfter } from '../act/act-done.ts'
import type { ActResult } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm } from '../act/confirmed.ts'
import { forbiddenPage, notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { pageOf, readPlace } from '../log/place.ts'
import { streamProgress } from '../progress/stream-progress.ts'
import { guard, proofFor, type GuardedEnv } from '../visit/guard.ts'
import { may } from '../visit/may.ts'
import { assignmentFor, mustProve, nameAfter } from '../visit/viewer.ts'
import { authorityText } from './authority-text.ts'
import { CertificatePage } from './certificate-page.tsx'
import {
  asksAuthority,
  isUnderWay,
  performPlanAct,
  permissionFor,
  PLAN_ACTS,
  planAct,
  planChangedText,
  type PlanActName,
  namesOn,
} from './plan-acts.ts'
import { addedUp, PlanPage } from './plan-page.tsx'
import { makePlanAct, planHref, PlansPage } from './plans-page.tsx'
import type { RetentionAccess } from './retention-access.ts'
import { retentionText } from './text.ts'

const LISTED = 50

/** What goes on after the answer is told in words of its own. */
const DONE: Readonly<Partial<Record<PlanActName, string>>> = {
  run: 'run',
  end: 'end',
  'finish-ending': 'end',
}

/** Plans from list to certificate. */
export function planRoutes(access: RetentionAccess): Hono<GuardedEnv> {
  const { store, outbox } = access.desk

  const showPlan = async (c: Context<GuardedEnv>, plan: RetentionPlan, result: ActResult) => {
    const { visit } = c.var
    const acts = PLAN_ACTS.filter((name) => {
      const permission = permissionFor(name, plan)
      return permission !== null && may(visit, permission)
    })
    const totals = plan.startedAt === null ? new Map() : await store.totals(plan.id)
    const mayExport = asksAuthority(plan) && may(visit, 'export-disposal-list')
    const waiting =
      plan.state === 'running' ? (await outbox.standing()).filter((each) => each.plan === plan.id) : []
    return c.html(
      asHtml(<PlanPage {...{ visit, plan, totals, waiting, acts, mayExport, result }} />),
      statusAfter(result),
    )
  }

  return new Hono<GuardedEnv>()
    .use('/retention', guard('read-retention'))
    .use('/retention/plans/*', guard('read-retention'))

    .get('/retention', async (c) => {
      const { visit } = c.var
      const { after } = readPlace(visit.url.searchParams)
      const { shown: plans, next } = pageOf(await store.plans(LISTED + 1, after), LISTED, ({ id }) => id)
      const mayPlan = may(visit, 'plan-retention')
      return c.html(asHtml(<PlansPage {...{ visit, plans, next, mayPlan, result: null }} />))
    })

    .post('/retention/plans', guard('plan-retention'), async (c) => {
      const { visit, assignment } = c.var
      const form = sentForm(await c.req.parseBody())
      const t = retentionText[visit.locale]
      if (!isConfirmed(form)) {
        return c.html(
          confirmPage(visit, {
            ...makePlanAct(visit),
            carried: {},
            stated: [],
            above: [{ title: t.title, href: '/retention' }],
          }),
        )
      }
      const plan = await planRetention(access.desk, { by: assignment.pseudonym })
      return c.redirect(`${planHref(plan.id)}?done=made`, 303)
    })

    .get('/retention/plans/:id', async (c) => {
      const { visit } = c.var
      const t = retentionText[visit.locale]
      const plan = await store.plan(c.req.param('id'))
      if (plan === null) return c.html(notFoundPage(visit), 404)
      const { partDone } = authorityText[visit.locale]
      const texts = { made: t.madeDone, act: t.actDone, run: t.started, end: t.endingBegun, part: partDone }
      return showPlan(c, plan, actDone(visit, texts))
    })

    .get('/retention/plans/:id/progress', async (c) => {
      const id = c.req.param('id')
      if ((await store.plan(id)) === null) return c.html(notFoundPage(c.var.visit), 404)
      const { number } = c.var.visit.formats
      const t = retentionText[c.var.visit.locale]
      return streamProgress(c, async () => {
        const plan = await store.plan(id)
        if (plan === null) return null
        const { done, kept } = addedUp(await store.totals(id))
        const all = recordsToGo(plan)
        const settled = done + kept
        const text = t.settled(number(settled), number(all))
        return { progress: { settled, all, text, state: plan.state }, isOver: !isUnderWay(plan) }
      })
    })

    .get('/retention/plans/:id/certificate', async (c) => {
      const { visit } = c.var
      const signed = await store.certificate(c.req.param('id'))
      if (signed === null) return c.html(notFoundPage(visit), 404)
      return c.html(asHtml(<CertificatePage visit={visit} of={signed.certificate} />))
    })

    .get('/retention/plans/:id/certificate.jws', async (c) => {
      const signed = await store.certificate(c.req.param('id'))
      if (signed === null) return c.html(notFoundPage(c.var.visit), 404)
      c.header('Content-Type', 'application/jose')
      c.header('Content-Disposition', 'attachment; filename="certificate.jws"')
      return c.body(signed.jws)
    })

    .post('/retention/plans/:id/:act', async (c) => {
      const { visit } = c.var
      const t = retentionText[visit.locale]
      const name = PLAN_ACTS.find((known) => known === c.req.param('act'))
      const plan = await store.plan(c.req.param('id'))
      if (plan === null || name === undefined) return c.html(notFoundPage(visit), 404)
      const permission = permissionFor(name, plan)
      if (permission === null) return showPlan(c, plan, { kind: 'refused', text: planChangedText(visit) })
      const assignment = visit.viewer === null ? null : assignmentFor(visit.viewer, permission)
      if (visit.viewer === null || assignment === null) return c.html(forbiddenPage(visit, permission), 403)
      if (mustProve(visit.viewer, assignment, permission)) return c.redirect(proofFor(c), 303)
      const form = sentForm(await c.req.parseBody())
      if (!isConfirmed(form)) {
        const reference = (form['reference'] ?? '').trim()
        return c.html(
          confirmPage(visit, {
            ...planAct(visit, plan, name),
            // What is agreed to is this fingerprint: a plan that changed meanwhile is another.
            carried: { hash: plan.hash, ...(reference === '' ? {} : { reference }) },
            stated: [
              [t.number, plan.id],
              [t.records, visit.formats.number(recordsToGo(plan))],
              [t.hash, <code class="hash">{plan.hash}</code>],
              ...(reference === '' ? [] : [[authorityText[visit.locale].reference, reference] as const]),
            ],
            above: [
              { title: t.title, href: '/retention' },
              { title: t.plan(plan.id.slice(0, 8)), href: planHref(plan.id) },
            ],
          }),
        )
      }
      if (form['hash'] !== plan.hash)
        return showPlan(c, plan, { kind: 'refused', text: planChangedText(visit) })
      const by =
        name === 'approve' ? await nameAfter(visit.viewer, assignment, namesOn(plan)) : assignment.pseudonym
      const refused = await performPlanAct(access, plan, name, by, form)
      if (refused !== null) return showPlan(c, plan, { kind: 'refused', text: refused.text[visit.locale] })
      return c.redirect(`${planHref(plan.id)}?done=${DONE[name] ?? 'act'}`, 303)
    })
}

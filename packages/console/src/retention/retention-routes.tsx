import type { AccessLog } from '@varco/access-log'
import { placeHold, planRetention, recordsToGo, releaseHold, type RetentionPlan } from '@varco/retention'
import { Hono, type Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { ActResult } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm, type SentForm } from '../act/confirmed.ts'
import { forbiddenPage, notFoundPage } from '../errors/refusals.tsx'
import { durationInWords } from '../i18n/duration-in-words.ts'
import { namesOf } from '../i18n/names.ts'
import { asHtml } from '../layout/document.tsx'
import { recordReading } from '../log/log-reading.ts'
import { pageOf, pageWithin, readPlace } from '../log/place.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { proofFor } from '../visit/guard.ts'
import type { Permission } from '../visit/permissions.ts'
import { assignmentFor, mustProve } from '../visit/viewer.ts'
import type { Visit } from '../visit/visit.ts'
import { authorityText } from './authority-text.ts'
import { CertificatePage } from './certificate-page.tsx'
import { HoldsPage, placeHoldAct, releaseHoldAct, scopeInWords } from './holds-page.tsx'
import {
  asksAuthority,
  isUnderWay,
  performPlanAct,
  permissionFor,
  PLAN_ACTS,
  planAct,
  planChangedText,
  type PlanActName,
} from './plan-acts.ts'
import { addedUp, PlanPage } from './plan-page.tsx'
import { makePlanAct, planHref, PlansPage } from './plans-page.tsx'
import { readHold } from './read-hold.ts'
import type { RetentionAccess } from './retention-access.ts'
import {
  draftWith,
  newRuleOn,
  previewable,
  previewOf,
  ruleFrom,
  type RuleDocument,
  type RuleStanding,
} from './rule-draft.ts'
import { NEW_RULE, NewRulePage, Preview, ruleHref, RulePage } from './rule-page.tsx'
import { RulesPage } from './rules-page.tsx'
import { retentionText } from './text.ts'

const LISTED = 50
/** Each with what its release would do. */
const HOLDS_LISTED = 20
const PROGRESS_EVERY_MS = 1_000
/** A browser asks again by itself. */
const PROGRESS_TURNS = 300

/** What goes on after the answer is told in words of its own. */
const DONE: Readonly<Partial<Record<PlanActName, string>>> = {
  run: 'run',
  end: 'end',
  'finish-ending': 'end',
}

export interface RetentionRoutesDeps extends RetentionAccess {
  readonly log: AccessLog
}

/** Retention: rules and drafts of them, plans from list to certificate, holds. */
export function retentionRoutes({ log, ...access }: RetentionRoutesDeps): Hono<GuardedEnv> {
  const { desk, policies } = access
  const { store, outbox } = desk

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
      result === null || result.kind === 'done' ? 200 : 400,
    )
  }

  /** Holds may name people: their list is shown once its reading is recorded. */
  const showHolds = async (c: Context<GuardedEnv>, typed: SentForm, result: ActResult) => {
    const { visit, assignment } = c.var
    const place = readPlace(visit.url.searchParams)
    const { shown: holds, next } = pageWithin(await store.holds(), place, HOLDS_LISTED, ({ id }) => id)
    await recordReading(log, visit, {
      action: 'search',
      reader: assignment,
      detail: { page: 'holds', shown: holds.length },
    })
    const mayHold = may(visit, 'hold-retention')
    return c.html(
      asHtml(<HoldsPage {...{ visit, holds, next, mayHold, typed, result }} />),
      result === null || result.kind === 'done' ? 200 : 400,
    )
  }

  /** What the draft with this rule would reach, before it is complete too. */
  const previewDraft = async (visit: Visit, rule: RuleDocument, as: RuleStanding) => {
    const written = previewable(rule)
    const { bundle } = draftWith(visit.bundle, written, as)
    return bundle === null ? null : previewOf(desk, bundle, written.id, visit.now)
  }

  const inForceOf = async (visit: Visit, { id }: RuleDocument, as: RuleStanding) =>
    as === 'new' ? null : previewOf(desk, visit.bundle, id, visit.now)

  const showPreview = async (c: Context<GuardedEnv>, before: RuleDocument, as: RuleStanding) => {
    const { visit } = c.var
    const rule = ruleFrom(before, sentForm(await c.req.parseBody()))
    const inForce = await inForceOf(visit, rule, as)
    const drafted = await previewDraft(visit, rule, as)
    // A script asks for the fragment alone.
    if (c.req.header('varco-fragment') === 'preview') {
      return c.html(<Preview visit={visit} inForce={inForce} drafted={drafted} />)
    }
    const { problems } = draftWith(visit.bundle, as === 'new' ? previewable(rule) : rule, as)
    return c.html(
      asHtml(
        <RulePage {...{ visit, rule, inForce, drafted }} isNew={as === 'new'} problems={problems ?? []} />,
      ),
    )
  }

  const saveDraft = async (c: Context<GuardedEnv>, before: RuleDocument, as: RuleStanding) => {
    const { visit, assignment } = c.var
    const t = retentionText[visit.locale]
    const form = sentForm(await c.req.parseBody())
    const rule = ruleFrom(before, form)
    const draft = draftWith(visit.bundle, rule, as)
    const inForce = await inForceOf(visit, rule, as)
    if (draft.bundle === null) {
      const { problems } = draft
      return c.html(
        asHtml(<RulePage {...{ visit, rule, inForce, problems }} isNew={as === 'new'} drafted={null} />),
        400,
      )
    }
    if (!isConfirmed(form)) {
      const drafted = await previewOf(desk, draft.bundle, rule.id, visit.now)
      const { csrf: _csrf, ...carried } = form
      return c.html(
        confirmPage(visit, {
          to: as === 'new' ? NEW_RULE : ruleHref(rule.id),
          ...t.save,
          carried,
          stated: [
            [t.rule, rule.title[visit.locale]],
            [t.resource, namesOf(visit.bundle, visit.locale).resource(rule.resource)],
            [t.after, durationInWords(rule.after, visit.locale)],
            [t.action, t.actions[rule.action]],
            [t.norm, rule.because],
            [t.preview, <Preview visit={visit} inForce={inForce} drafted={drafted} />],
          ],
          above: [
            { title: t.title, href: '/retention' },
            { title: t.rulesTitle, href: '/retention/rules' },
          ],
        }),
      )
    }
    const version = await policies.put(draft.bundle.document, assignment.pseudonym)
    return c.redirect(`/retention/rules?draft=${version.slice(0, 12)}`, 303)
  }

  return new Hono<GuardedEnv>()
    .use('/retention', guard('read-retention'))
    .use('/retention/*', guard('read-retention'))

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
      const plan = await planRetention(desk, { by: assignment.pseudonym })
      return c.redirect(`${planHref(plan.id)}?done=made`, 303)
    })

    .get('/retention/plans/:id', async (c) => {
      const { visit } = c.var
      const t = retentionText[visit.locale]
      const plan = await store.plan(c.req.param('id'))
      if (plan === null) return c.html(notFoundPage(visit), 404)
      const done = visit.url.searchParams.get('done') ?? ''
      const { partDone } = authorityText[visit.locale]
      const text = { made: t.madeDone, act: t.actDone, run: t.started, end: t.endingBegun, part: partDone }[
        done
      ]
      return showPlan(c, plan, text === undefined ? null : { kind: 'done', text })
    })

    .get('/retention/plans/:id/progress', async (c) => {
      const id = c.req.param('id')
      if ((await store.plan(id)) === null) return c.html(notFoundPage(c.var.visit), 404)
      const { number } = c.var.visit.formats
      const t = retentionText[c.var.visit.locale]
      return streamSSE(c, async (stream) => {
        for (let turn = 0; turn < PROGRESS_TURNS && !stream.aborted; turn++) {
          const plan = await store.plan(id)
          if (plan === null) return
          const { done, kept } = addedUp(await store.totals(id))
          const all = recordsToGo(plan)
          const settled = done + kept
          const text = t.settled(number(settled), number(all))
          await stream.writeSSE({ data: JSON.stringify({ settled, all, text, state: plan.state }) })
          if (!isUnderWay(plan)) return
          await stream.sleep(PROGRESS_EVERY_MS)
        }
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
      const refused = await performPlanAct(access, plan, name, assignment.pseudonym, form)
      if (refused !== null) return showPlan(c, plan, { kind: 'refused', text: refused.text[visit.locale] })
      return c.redirect(`${planHref(plan.id)}?done=${DONE[name] ?? 'act'}`, 303)
    })

    .get('/retention/rules', (c) => {
      const { visit } = c.var
      const t = retentionText[visit.locale]
      const draft = visit.url.searchParams.get('draft')
      const result =
        draft === null || !/^[0-9a-f]{12}$/.test(draft)
          ? null
          : ({ kind: 'done', text: t.draftDone(draft) } as const)
      return c.html(
        asHtml(<RulesPage visit={visit} mayEdit={may(visit, 'draft-retention')} result={result} />),
      )
    })

    .use('/retention/rules/:id', guard('draft-retention'))
    .use('/retention/rules/:id/*', guard('draft-retention'))

    .get('/retention/rules/:id', async (c) => {
      const { visit } = c.var
      const rule = ruleOf(visit, c.req.param('id'))
      if (rule === null) return c.html(notFoundPage(visit), 404)
      const inForce = await previewOf(desk, visit.bundle, rule.id, visit.now)
      return c.html(
        asHtml(<RulePage visit={visit} rule={rule} inForce={inForce} drafted={inForce} problems={[]} />),
      )
    })

    .post('/retention/rules/:id/preview', async (c) => {
      const rule = ruleOf(c.var.visit, c.req.param('id'))
      return rule === null ? c.html(notFoundPage(c.var.visit), 404) : showPreview(c, rule, 'changed')
    })

    .post('/retention/rules/:id', async (c) => {
      const rule = ruleOf(c.var.visit, c.req.param('id'))
      return rule === null ? c.html(notFoundPage(c.var.visit), 404) : saveDraft(c, rule, 'changed')
    })

    .use('/retention/new-rule', guard('draft-retention'))
    .use('/retention/new-rule/*', guard('draft-retention'))

    .get('/retention/new-rule', async (c) => {
      const { visit } = c.var
      const asked = c.req.query('resource')
      if (asked === undefined) {
        const resources = [...visit.bundle.resources.keys()].filter(
          (name) => newRuleOn(visit.bundle, name) !== null,
        )
        return c.html(asHtml(<NewRulePage visit={visit} resources={resources} />))
      }
      const rule = newRuleOn(visit.bundle, asked)
      if (rule === null) return c.html(notFoundPage(visit), 404)
      const drafted = await previewDraft(visit, rule, 'new')
      return c.html(asHtml(<RulePage {...{ visit, rule, drafted }} isNew inForce={null} problems={[]} />))
    })

    .post('/retention/new-rule/preview', async (c) => {
      const rule = await newRuleSent(c)
      return rule === null ? c.html(notFoundPage(c.var.visit), 404) : showPreview(c, rule, 'new')
    })

    .post('/retention/new-rule', async (c) => {
      const rule = await newRuleSent(c)
      return rule === null ? c.html(notFoundPage(c.var.visit), 404) : saveDraft(c, rule, 'new')
    })

    .get('/retention/holds', (c) => {
      const t = retentionText[c.var.visit.locale]
      const done = c.var.visit.url.searchParams.get('done') ?? ''
      const text = { placed: t.holdDone, released: t.releasedDone }[done]
      return showHolds(c, {}, text === undefined ? null : { kind: 'done', text })
    })

    .post('/retention/holds', guard('hold-retention'), async (c) => {
      const { visit, assignment } = c.var
      const t = retentionText[visit.locale]
      const form = sentForm(await c.req.parseBody())
      const wanted = readHold(visit, form)
      if (!('scope' in wanted)) {
        const problems = wanted.map((field) => ({ field, text: t.problems[field] }))
        return showHolds(c, form, { kind: 'incomplete', problems })
      }
      if (!isConfirmed(form)) {
        const { csrf: _csrf, ...carried } = form
        return c.html(
          confirmPage(visit, {
            ...placeHoldAct(visit),
            carried,
            stated: [
              [t.holdScope, scopeInWords(visit, wanted.scope)],
              [t.holdCase, wanted.case],
              [t.holdReason, <span class="said">{wanted.reason}</span>],
            ],
            above: [
              { title: t.title, href: '/retention' },
              { title: t.holdsTitle, href: '/retention/holds' },
            ],
          }),
        )
      }
      const outcome = await placeHold(desk, { ...wanted, by: assignment.pseudonym })
      if (!outcome.ok) return showHolds(c, form, { kind: 'refused', text: outcome.text[visit.locale] })
      return c.redirect('/retention/holds?done=placed', 303)
    })

    .post('/retention/holds/:id/release', guard('hold-retention'), async (c) => {
      const { visit, assignment } = c.var
      const t = retentionText[visit.locale]
      const hold = await store.hold(c.req.param('id'))
      if (hold === null) return c.html(notFoundPage(visit), 404)
      const form = sentForm(await c.req.parseBody())
      if (!isConfirmed(form)) {
        return c.html(
          confirmPage(visit, {
            ...releaseHoldAct(visit, hold.id),
            carried: {},
            stated: [
              [t.holdScope, scopeInWords(visit, hold.scope)],
              [t.holdCase, hold.case],
            ],
            above: [
              { title: t.title, href: '/retention' },
              { title: t.holdsTitle, href: '/retention/holds' },
            ],
          }),
        )
      }
      const outcome = await releaseHold(desk, hold.id, assignment.pseudonym)
      if (!outcome.ok) return showHolds(c, {}, { kind: 'refused', text: outcome.text[visit.locale] })
      return c.redirect('/retention/holds?done=released', 303)
    })
}

function ruleOf({ bundle }: Visit, id: string): RuleDocument | null {
  return bundle.document.retention.find((rule) => rule.id === id) ?? null
}

/** The new rule a form begins with, under the name it gives. */
async function newRuleSent(c: Context<GuardedEnv>): Promise<RuleDocument | null> {
  const form = sentForm(await c.req.parseBody())
  const rule = newRuleOn(c.var.visit.bundle, form['resource'] ?? '')
  return rule === null ? null : { ...rule, id: (form['id'] ?? '').trim() }
}

function may({ viewer }: Visit, permission: Permission): boolean {
  return viewer !== null && assignmentFor(viewer, permission) !== null
}

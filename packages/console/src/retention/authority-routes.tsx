import { actDraft, type AccessLog } from '@varco/access-log'
import { makeCopy, type CopiesLedger } from '@varco/engagement'
import { approveInPart, weighAgreed, type RetentionPlan } from '@varco/retention'
import { Hono, type Context } from 'hono'
import type { ActResult, FieldProblem } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm } from '../act/confirmed.ts'
import { sendPieces } from '../download/send-pieces.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import type { LargeForm } from '../visit/limit-bodies.ts'
import { LARGEST_LETTER, readAgreedPart } from './agreed-part.ts'
import { authorityText } from './authority-text.ts'
import { AgreedFacts, letterAbove, letterAct, LetterPage, LONGEST_REFERENCE } from './letter-page.tsx'
import { nameAfter } from '../visit/viewer.ts'
import { asksAuthority, disposalListAct, namesOn, nextApprover, planChangedText } from './plan-acts.ts'
import { LIST_FORMATS } from './plan-papers.ts'
import { planHref, recordsOf } from './plans-page.tsx'
import type { RetentionAccess } from './retention-access.ts'
import { retentionText } from './text.ts'

/** The letter is longer than what people fill in. */
export const LETTER_FORM: LargeForm = {
  path: /^\/retention\/plans\/[^/]+\/letter$/,
  permission: 'record-retention-authority',
  bytes: LARGEST_LETTER,
}

const TYPES = { csv: 'text/csv; charset=utf-8', pdf: 'application/pdf' } as const

export interface AuthorityRoutesDeps extends Pick<RetentionAccess, 'desk' | 'papers'> {
  readonly log: AccessLog
  readonly copies: Pick<CopiesLedger, 'addCopy'>
}

/** What an outside authority is sent of a plan, what it answers, and the minutes (D.Lgs. 42/2004, art. 21). */
export function authorityRoutes({ desk, papers, log, copies }: AuthorityRoutesDeps): Hono<GuardedEnv> {
  const planOf = (c: Context): Promise<RetentionPlan | null> => desk.store.plan(c.req.param('id') ?? '')
  const showLetter = (
    { var: { visit }, html }: Context<GuardedEnv>,
    plan: RetentionPlan,
    reference: string,
    result: ActResult,
  ) => html(asHtml(<LetterPage {...{ visit, plan, reference, result }} />), result === null ? 200 : 400)

  return new Hono<GuardedEnv>()
    .get('/retention/plans/:id/minutes.pdf', guard('read-retention'), async (c) => {
      const plan = await planOf(c)
      if (plan === null) return c.html(notFoundPage(c.var.visit), 404)
      return sendPieces(c, papers.minutes(plan), {
        name: `verbale-di-scarto-${plan.id}.pdf`,
        type: 'application/pdf',
      })
    })

    .post('/retention/plans/:id/list', guard('export-disposal-list'), async (c) => {
      const { visit, assignment } = c.var
      const t = authorityText[visit.locale]
      const plan = await planOf(c)
      if (plan === null || !asksAuthority(plan)) return c.html(notFoundPage(visit), 404)
      const form = sentForm(await c.req.parseBody())
      const format = LIST_FORMATS.find((known) => known === form['format'])
      if (format === undefined) return c.html(notFoundPage(visit), 404)
      if (!isConfirmed(form)) {
        return c.html(
          confirmPage(visit, {
            ...disposalListAct(visit, plan),
            carried: { format },
            stated: [
              [retentionText[visit.locale].number, plan.id],
              [retentionText[visit.locale].records, visit.formats.number(recordsOf(plan))],
              [t.format, t.formats[format]],
            ],
            above: letterAbove(visit, plan),
          }),
        )
      }
      // Who takes it out is in the log, and in the ledger of copies, before there is a file.
      const { id: event } = await log.append(
        actDraft('report-made', {
          requestId: visit.requestId,
          operator: assignment.pseudonym,
          detail: { report: 'disposal-list', plan: plan.id, hash: plan.hash },
        }),
      )
      const of = {
        ...({ kind: 'records', contract: null, processor: null, purpose: null } as const),
        owner: assignment.pseudonym,
        records: recordsOf(plan),
      }
      await copies.addCopy(makeCopy(visit.bundle, visit.now, event, of))
      return sendPieces(c, papers.list(plan, format), {
        name: `elenco-di-scarto-${plan.id}.${format}`,
        type: TYPES[format],
      })
    })

    .use('/retention/plans/:id/letter', guard('record-retention-authority'))

    .get('/retention/plans/:id/letter', async (c) => {
      const plan = await planOf(c)
      if (plan === null || nextApprover(plan) !== 'authority') return c.html(notFoundPage(c.var.visit), 404)
      return showLetter(c, plan, '', null)
    })

    .post('/retention/plans/:id/letter', async (c) => {
      const { visit, assignment } = c.var
      const t = authorityText[visit.locale]
      const plan = await planOf(c)
      if (plan === null) return c.html(notFoundPage(visit), 404)
      const body = await c.req.parseBody()
      const form = sentForm(body)
      const reference = (form['reference'] ?? '').trim()
      const refuse = (text: string) => showLetter(c, plan, reference, { kind: 'refused', text })
      if (nextApprover(plan) !== 'authority' || form['hash'] !== plan.hash)
        return refuse(planChangedText(visit))
      const agreed = await readAgreedPart(body['list'], form['agreed'], visit.locale)
      const problems: readonly FieldProblem[] = [
        ...(reference === '' || reference.length > LONGEST_REFERENCE
          ? [{ field: 'reference', text: t.problems.reference }]
          : []),
        ...(agreed.ok ? [] : [{ field: 'list', text: agreed.problem }]),
      ]
      if (!agreed.ok || problems.length > 0)
        return showLetter(c, plan, reference, { kind: 'incomplete', problems })
      const by = await nameAfter(visit.viewer, assignment, namesOn(plan))
      if (!isConfirmed(form)) {
        const weighed = await weighAgreed(desk, plan, agreed.records)
        if (weighed === null) return refuse(t.problems.notInPlan)
        return c.html(
          confirmPage(visit, {
            ...letterAct(visit, plan),
            carried: { hash: plan.hash, reference, agreed: agreed.carried },
            stated: [
              [retentionText[visit.locale].number, plan.id],
              [t.reference, reference],
              [t.perRule, <AgreedFacts visit={visit} weighed={weighed} />],
            ],
            above: letterAbove(visit, plan),
          }),
        )
      }
      const outcome = await approveInPart(desk, {
        plan: plan.id,
        by,
        reference,
        agreed: inOne(agreed.records),
      })
      if (!outcome.ok) return refuse(outcome.text[visit.locale])
      return c.redirect(`${planHref(plan.id)}?done=part`, 303)
    })
}

async function* inOne<T>(whole: T): AsyncGenerator<T> {
  yield whole
}

import type { DataSubjectRef } from '@varco/core'
import type { DataSubjectRequest } from '@varco/reports'
import type { RetentionDesk } from '@varco/retention'
import type { Context } from 'hono'
import type { ActResult } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import type { GuardedEnv } from '../visit/guard.ts'
import {
  eraseAll,
  mayTouchRecords,
  recordAct,
  recordActOf,
  restrictAll,
  type RecordActName,
} from './record-acts.ts'
import { recordActsText } from './record-acts-text.ts'
import type { RequestAccess } from './request-desk-access.ts'
import { requestHref } from './requests-page.tsx'
import { requestsText } from './text.ts'

const SHORTEST_REASON = 10

export interface RecordActDeps extends Pick<RequestAccess, 'store' | 'whoAsks'> {
  readonly retention: RetentionDesk
  readonly show: (c: Context<GuardedEnv>, request: DataSubjectRequest, result: ActResult) => Promise<Response>
}

/** Carries out what a request of Art. 17 or 18 asks for: a plan, or a restriction at once. */
export function recordActHandler(deps: RecordActDeps, name: RecordActName) {
  const inTurn = oneAfterAnother()
  return async (c: Context<GuardedEnv>): Promise<Response> => {
    const { visit, assignment } = c.var
    const t = recordActsText[visit.locale]
    const request = await deps.store.find(c.req.param('id') ?? '')
    if (request === null || recordActOf(request) !== name) return c.html(notFoundPage(visit), 404)
    const refuse = (reason: keyof typeof t.refusals) =>
      deps.show(c, request, { kind: 'refused', text: t.refusals[reason] })
    if (!mayTouchRecords(request)) return refuse('unconfirmed')
    const form = sentForm(await c.req.parseBody())
    const reason = (form['reason'] ?? '').trim()
    if (name === 'restrict' && reason.length < SHORTEST_REASON) {
      const problems = [{ field: 'restrict-reason', text: t.refusals.reason }]
      return deps.show(c, request, { kind: 'incomplete', problems })
    }
    const whose = await deps.whoAsks(request.identifier ?? '')
    if (whose === 'several') return refuse('several')
    if (whose.length === 0) return refuse('nobody')
    if (!isConfirmed(form)) {
      return c.html(
        confirmPage(visit, {
          ...recordAct(visit, request.id, name),
          carried: name === 'restrict' ? { reason } : {},
          stated: [
            [requestsText[visit.locale].number, request.id],
            ...(name === 'restrict' ? [[t.reason, reason] as const] : []),
          ],
          above: [
            { title: requestsText[visit.locale].title, href: '/requests' },
            { title: request.id, href: requestHref(request.id) },
          ],
        }),
      )
    }
    const of = { request: request.id, whose, by: assignment.pseudonym }
    // What a form sent twice asks for the second time is there by then.
    return inTurn(() => carryOut(c, deps, name, request, { ...of, reason }))
  }
}

function oneAfterAnother(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}

async function carryOut(
  c: Context<GuardedEnv>,
  { retention, show }: RecordActDeps,
  name: RecordActName,
  request: DataSubjectRequest,
  of: {
    readonly request: string
    readonly whose: readonly DataSubjectRef[]
    readonly by: GuardedEnv['Variables']['assignment']['pseudonym']
    readonly reason: string
  },
): Promise<Response> {
  const { reason: _reason, ...erased } = of
  if (name === 'erase') {
    await eraseAll(retention, erased)
    return c.redirect(`${requestHref(request.id)}?done=erase`, 303)
  }
  const refused = await restrictAll(retention, of)
  if (refused !== null) return show(c, request, { kind: 'refused', text: refused.text[c.var.visit.locale] })
  return c.redirect(`${requestHref(request.id)}?done=restrict`, 303)
}

import type { AccessLog } from '@varco/access-log'
import { placeHold, releaseHold } from '@varco/retention'
import { Hono, type Context } from 'hono'
import { actDone, statusAfter } from '../act/act-done.ts'
import type { ActResult } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm, type SentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { recordReading } from '../log/log-reading.ts'
import { pageWithin, readPlace } from '../log/place.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { may } from '../visit/may.ts'
import { HoldsPage, placeHoldAct, releaseHoldAct, scopeInWords } from './holds-page.tsx'
import { readHold } from './read-hold.ts'
import type { RetentionAccess } from './retention-access.ts'
import { pagesAbove } from './retention-frame.tsx'
import { retentionText } from './text.ts'

/** Each with what its release would do. */
const LISTED = 20

export interface HoldRoutesDeps extends Pick<RetentionAccess, 'desk'> {
  readonly log: AccessLog
}

/** Legal holds: their list, and what places and releases one. */
export function holdRoutes({ desk, log }: HoldRoutesDeps): Hono<GuardedEnv> {
  const { store } = desk

  /** Holds may name people: their list is shown once its reading is recorded. */
  const show = async (c: Context<GuardedEnv>, typed: SentForm, result: ActResult) => {
    const { visit, assignment } = c.var
    const place = readPlace(visit.url.searchParams)
    const { shown: holds, next } = pageWithin(await store.holds(), place, LISTED, ({ id }) => id)
    await recordReading(log, visit, {
      action: 'search',
      reader: assignment,
      detail: { page: 'holds', shown: holds.length },
    })
    const mayHold = may(visit, 'hold-retention')
    return c.html(
      asHtml(<HoldsPage {...{ visit, holds, next, mayHold, typed, result }} />),
      statusAfter(result),
    )
  }

  return new Hono<GuardedEnv>()
    .get('/retention/holds', guard('read-retention'), (c) => {
      const t = retentionText[c.var.visit.locale]
      return show(c, {}, actDone(c.var.visit, { placed: t.holdDone, released: t.releasedDone }))
    })

    .post('/retention/holds', guard('hold-retention'), async (c) => {
      const { visit, assignment } = c.var
      const t = retentionText[visit.locale]
      const form = sentForm(await c.req.parseBody())
      const wanted = readHold(visit, form)
      if (!('scope' in wanted)) {
        const problems = wanted.map((field) => ({ field, text: t.problems[field] }))
        return show(c, form, { kind: 'incomplete', problems })
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
            above: pagesAbove(visit, 'holds'),
          }),
        )
      }
      const outcome = await placeHold(desk, { ...wanted, by: assignment.pseudonym })
      if (!outcome.ok) return show(c, form, { kind: 'refused', text: outcome.text[visit.locale] })
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
            above: pagesAbove(visit, 'holds'),
          }),
        )
      }
      const outcome = await releaseHold(desk, hold.id, assignment.pseudonym)
      if (!outcome.ok) return show(c, {}, { kind: 'refused', text: outcome.text[visit.locale] })
      return c.redirect('/retention/holds?done=released', 303)
    })
}

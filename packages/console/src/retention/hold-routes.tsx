import type { AccessLog } from '@varco/access-log'
import { placeHold, releaseHold, reviewHold, type Hold } from '@varco/retention'
import { Hono, type Context } from 'hono'
import { actDone, statusAfter } from '../act/act-done.ts'
import type { ActResult } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { carriedFrom, isConfirmed, sentForm, type SentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { recordReading } from '../log/log-reading.ts'
import { pageWithin, readPlace } from '../log/place.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { assignmentFor, nameAfter, selfOf } from '../visit/viewer.ts'
import { disclosedBy } from './disclosed-by.ts'
import { HoldsPage, placeHoldAct, releaseHoldAct, reviewHoldAct, scopeInWords } from './holds-page.tsx'
import { readHold } from './read-hold.ts'
import { readReview } from './read-review.ts'
import type { RetentionAccess } from './retention-access.ts'
import { pagesAbove } from './retention-frame.tsx'
import { holdsText } from './holds-text.ts'

/** Each with what its release would do. */
const LISTED = 20

export interface HoldRoutesDeps extends Pick<RetentionAccess, 'desk'> {
  readonly log: AccessLog
}

/** Legal holds: their list, and what places one, keeps it on and releases it. */
export function holdRoutes({ desk, log }: HoldRoutesDeps): Hono<GuardedEnv> {
  const { store } = desk

  /** Whom a hold is about is told to those alone who may release it, and is a disclosure. */
  const show = async (c: Context<GuardedEnv>, typed: SentForm, result: ActResult) => {
    const { visit, assignment } = c.var
    const place = readPlace(visit.url.searchParams)
    const { shown: holds, next } = pageWithin(await store.holds(), place, LISTED, ({ id }) => id)
    const holding = visit.viewer === null ? null : assignmentFor(visit.viewer, 'hold-retention')
    await recordReading(log, visit, {
      action: 'search',
      reader: assignment,
      detail: { page: 'holds', shown: holds.length },
      disclosures: holding === null ? [] : holds.flatMap(({ scope }) => disclosedBy(visit, scope)),
    })
    const holder = holding === null ? null : await selfOf(visit.viewer)
    return c.html(
      asHtml(<HoldsPage {...{ visit, holds, next, holder, typed, result }} />),
      statusAfter(result),
    )
  }

  /** Before it asks a second time about a hold that stands, who reads it is recorded. */
  const recordRead = ({ var: { visit, assignment } }: Context<GuardedEnv>, { id, scope }: Hold) =>
    recordReading(log, visit, {
      action: 'read',
      reader: assignment,
      detail: { page: 'hold', hold: id },
      disclosures: disclosedBy(visit, scope),
    })

  return new Hono<GuardedEnv>()
    .get('/retention/holds', guard('read-retention'), (c) => {
      const t = holdsText[c.var.visit.locale]
      return show(
        c,
        {},
        actDone(c.var.visit, { placed: t.holdDone, reviewed: t.reviewedDone, released: t.releasedDone }),
      )
    })

    .post('/retention/holds', guard('hold-retention'), async (c) => {
      const { visit, assignment } = c.var
      const t = holdsText[visit.locale]
      const form = sentForm(await c.req.parseBody())
      const wanted = readHold(visit, form)
      if (!('scope' in wanted)) {
        const problems = wanted.map((field) => ({ field, text: t.problems[field] }))
        return show(c, form, { kind: 'incomplete', problems })
      }
      if (!isConfirmed(form)) {
        return c.html(
          confirmPage(visit, {
            ...placeHoldAct(visit),
            carried: carriedFrom(form),
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

    .post('/retention/holds/:id/review', guard('hold-retention'), async (c) => {
      const { visit, assignment } = c.var
      const t = holdsText[visit.locale]
      const hold = await store.hold(c.req.param('id'))
      if (hold === null) return c.html(notFoundPage(visit), 404)
      const { id } = hold
      const form = sentForm(await c.req.parseBody())
      const typed = { [`until-${id}`]: form['until'] ?? '', [`reason-${id}`]: form['reason'] ?? '' }
      const wanted = readReview(visit, form)
      if (!('until' in wanted)) {
        const problems = wanted.map((field) => ({ field: `${field}-${id}`, text: t.problems[field] }))
        return show(c, typed, { kind: 'incomplete', problems })
      }
      const { day, until, reason } = wanted
      if (!isConfirmed(form)) {
        await recordRead(c, hold)
        return c.html(
          confirmPage(visit, {
            ...reviewHoldAct(visit, id),
            carried: { until: day, reason },
            stated: [
              [t.holdScope, scopeInWords(visit, hold.scope)],
              [t.holdCase, hold.case],
              [t.reviewUntil, visit.formats.calendarDay(day)],
              [t.reviewReason, <span class="said">{reason}</span>],
            ],
            above: pagesAbove(visit, 'holds'),
          }),
        )
      }
      const by = await nameAfter(visit.viewer, assignment, [hold.placedBy])
      const outcome = await reviewHold(desk, { id, until, reason, by })
      if (!outcome.ok) return show(c, typed, { kind: 'refused', text: outcome.text[visit.locale] })
      return c.redirect('/retention/holds?done=reviewed', 303)
    })

    .post('/retention/holds/:id/release', guard('hold-retention'), async (c) => {
      const { visit, assignment } = c.var
      const t = holdsText[visit.locale]
      const hold = await store.hold(c.req.param('id'))
      if (hold === null) return c.html(notFoundPage(visit), 404)
      const form = sentForm(await c.req.parseBody())
      if (!isConfirmed(form)) {
        await recordRead(c, hold)
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
      const by = await nameAfter(visit.viewer, assignment, [hold.placedBy])
      const outcome = await releaseHold(desk, hold.id, by)
      if (!outcome.ok) return show(c, {}, { kind: 'refused', text: outcome.text[visit.locale] })
      return c.redirect('/retention/holds?done=released', 303)
    })
}

import type { AccessLog } from '@varco/access-log'
import { may } from '../visit/may.ts'
import { actDone, statusAfter } from '../act/act-done.ts'
import { liftRestriction, restrictRecords } from '@varco/retention'
import { Hono, type Context } from 'hono'
import type { ActResult } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { carriedFrom, isConfirmed, sentForm, type SentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { recordReading } from '../log/log-reading.ts'
import { cursorOf, pageWithin, readPlace } from '../log/place.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { assignmentFor, nameAfter, selfOf } from '../visit/viewer.ts'
import { disclosedBy } from './disclosed-by.ts'
import { isReason } from './is-reason.ts'
import { readNamed } from './read-named.ts'
import { kindInWords, whichInWords } from './restriction-in-words.ts'
import { liftRestrictionAct, placeRestrictionAct, RestrictionsPage } from './restrictions-page.tsx'
import { restrictionsText } from './restrictions-text.ts'
import type { RetentionAccess } from './retention-access.ts'
import { pagesAbove } from './retention-frame.tsx'

/** Each with what its lifting would do. */
const LISTED = 20

export interface RestrictionRoutesDeps extends Pick<RetentionAccess, 'desk'> {
  readonly log: AccessLog
}

/** Data that is kept and no longer used: its list, and what places and lifts a restriction. */
export function restrictionRoutes({ desk, log }: RestrictionRoutesDeps): Hono<GuardedEnv> {
  /** Whom a restriction is about is told to those alone who may lift it, and is a disclosure. */
  const show = async (c: Context<GuardedEnv>, typed: SentForm, result: ActResult) => {
    const { visit, assignment } = c.var
    const place = readPlace(visit.url.searchParams)
    const inForce = await desk.restrictions.restrictions()
    const { shown: restrictions, next } = pageWithin(inForce, place, LISTED, ({ id }) => cursorOf(id))
    const lifting = visit.viewer === null ? null : assignmentFor(visit.viewer, 'lift-restrictions')
    await recordReading(log, visit, {
      action: 'search',
      reader: assignment,
      detail: { page: 'restrictions', shown: restrictions.length },
      disclosures: lifting === null ? [] : restrictions.flatMap(({ scope }) => disclosedBy(visit, scope)),
    })
    const mayPlace = may(visit, 'restrict-records')
    const lifter = lifting === null ? null : await selfOf(visit.viewer)
    return c.html(
      asHtml(<RestrictionsPage {...{ visit, restrictions, next, lifter, mayPlace, typed, result }} />),
      statusAfter(result),
    )
  }

  return new Hono<GuardedEnv>()
    .get('/retention/restrictions', guard('read-retention'), (c) => {
      const t = restrictionsText[c.var.visit.locale]
      return show(c, {}, actDone(c.var.visit, { placed: t.placedDone, lifted: t.liftedDone }))
    })

    .post('/retention/restrictions', guard('restrict-records'), async (c) => {
      const { visit, assignment } = c.var
      const t = restrictionsText[visit.locale]
      const form = sentForm(await c.req.parseBody())
      const scope = readNamed(visit.bundle, (form['of'] ?? '').trim(), (form['key'] ?? '').trim())
      const reason = (form['reason'] ?? '').trim()
      const wrong = [
        ...(typeof scope === 'string' ? [scope] : []),
        ...(isReason(reason) ? [] : (['reason'] as const)),
      ]
      if (typeof scope === 'string' || wrong.length > 0) {
        const problems = wrong.map((field) => ({ field, text: t.problems[field] }))
        return show(c, form, { kind: 'incomplete', problems })
      }
      if (!isConfirmed(form)) {
        return c.html(
          confirmPage(visit, {
            ...placeRestrictionAct(visit),
            carried: carriedFrom(form),
            stated: [
              [t.of, kindInWords(visit, scope)],
              [t.key, whichInWords(visit, scope)],
              [t.reason, <span class="said">{reason}</span>],
            ],
            above: pagesAbove(visit, 'restrictions'),
          }),
        )
      }
      const outcome = await restrictRecords(desk, { scope, reason, by: assignment.pseudonym })
      if (!outcome.ok) return show(c, form, { kind: 'refused', text: outcome.text[visit.locale] })
      return c.redirect('/retention/restrictions?done=placed', 303)
    })

    .post('/retention/restrictions/lift', guard('lift-restrictions'), async (c) => {
      const { visit, assignment } = c.var
      const t = restrictionsText[visit.locale]
      const form = sentForm(await c.req.parseBody())
      const restriction = await desk.restrictions.restriction(form['restriction'] ?? '')
      if (restriction === null) return c.html(notFoundPage(visit), 404)
      const { id, scope, request } = restriction
      const informed = form['informed'] === 'yes'
      if (request !== null && !informed) {
        const problems = [{ field: `informed-${id}`, text: t.problems.informed }]
        return show(c, {}, { kind: 'incomplete', problems })
      }
      if (!isConfirmed(form)) {
        await recordReading(log, visit, {
          action: 'read',
          reader: assignment,
          detail: { page: 'restriction', restriction: id },
          disclosures: disclosedBy(visit, scope),
        })
        return c.html(
          confirmPage(visit, {
            ...liftRestrictionAct(visit),
            carried: { restriction: id, ...(informed ? { informed: 'yes' } : {}) },
            stated: [
              [t.of, `${kindInWords(visit, scope)} · ${whichInWords(visit, scope)}`],
              [t.request, request],
              [t.informed, request === null ? null : t.told],
            ],
            above: pagesAbove(visit, 'restrictions'),
          }),
        )
      }
      const by = await nameAfter(visit.viewer, assignment, [restriction.placedBy])
      const outcome = await liftRestriction(desk, id, by, informed)
      if (!outcome.ok) return show(c, {}, { kind: 'refused', text: outcome.text[visit.locale] })
      return c.redirect('/retention/restrictions?done=lifted', 303)
    })
}

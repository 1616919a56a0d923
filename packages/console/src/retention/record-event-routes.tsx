import type { AccessLog } from '@varco/access-log'
import { asId, type Pseudonym } from '@varco/core'
import { isPlanOver, spelt, tellEvent, weighEvent, type RetentionRefused } from '@varco/retention'
import { Hono, type Context } from 'hono'
import { actDone, statusAfter } from '../act/act-done.ts'
import type { ActResult } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { carriedFrom, isConfirmed, sentForm, type SentForm } from '../act/confirmed.ts'
import { asHtml } from '../layout/document.tsx'
import { recordReading } from '../log/log-reading.ts'
import { pageOf, readPlace } from '../log/place.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { may } from '../visit/may.ts'
import { nameAfter } from '../visit/viewer.ts'
import type { Visit } from '../visit/visit.ts'
import { readToldEvent, type ToldForm } from './read-told-event.ts'
import { eventInWords, RecordEventsPage, tellEventAct, toldDay } from './record-events-page.tsx'
import { recordEventsText } from './record-events-text.ts'
import type { RetentionAccess } from './retention-access.ts'
import { pagesAbove } from './retention-frame.tsx'
import { tellableEvents } from './tellable-events.ts'

const LISTED = 50

export interface RecordEventRoutesDeps extends Pick<RetentionAccess, 'desk'> {
  readonly log: AccessLog
}

/** What happened to records and stands in none of their fields: what was told lately, and telling it. */
export function recordEventRoutes({ desk, log }: RecordEventRoutesDeps): Hono<GuardedEnv> {
  const show = async (c: Context<GuardedEnv>, typed: SentForm, result: ActResult) => {
    const { visit } = c.var
    const { after } = readPlace(visit.url.searchParams)
    const { shown: events, next } = pageOf(
      await desk.store.toldEvents(LISTED + 1, after),
      LISTED,
      ({ id }) => id,
    )
    const tellable = may(visit, 'tell-record-event') ? tellableEvents(visit) : null
    return c.html(
      asHtml(<RecordEventsPage {...{ visit, events, next, tellable, typed, result }} />),
      statusAfter(result),
    )
  }

  /** That there is no such record, or that nobody told anything of it, is an answer too: who asked is recorded first. */
  const recordMiss = async (
    visit: Visit,
    { of: { resource, as }, record }: ToldForm,
    { code }: RetentionRefused,
  ) => {
    if (code !== 'unknown-record' && code !== 'event-untold') return
    const known = visit.bundle.resources.get(asId(resource))
    const recordKey = known === undefined ? record : spelt(known, known.key, record)
    await recordReading(log, visit, {
      action: 'search',
      reader: as,
      detail: { page: 'record-event', refused: code },
      disclosures: [{ resource, recordKey, dataSubject: null }],
    })
  }

  return new Hono<GuardedEnv>()
    .get('/retention/events', guard('read-retention'), (c) =>
      show(c, {}, actDone(c.var.visit, recordEventsText[c.var.visit.locale].done)),
    )

    .post('/retention/events', guard('tell-record-event'), async (c) => {
      const { visit } = c.var
      const t = recordEventsText[visit.locale]
      const form = sentForm(await c.req.parseBody())
      const told = readToldEvent(tellableEvents(visit), form)
      if (!('of' in told)) {
        const problems = told.map((field) => ({ field, text: t.problems[field] }))
        return show(c, form, { kind: 'incomplete', problems })
      }
      const { on, record } = told
      const { resource, event, as } = told.of
      if (!isConfirmed(form)) {
        const weighed = await weighEvent(desk, { resource, record, event, on })
        if (!weighed.ok) {
          await recordMiss(visit, told, weighed)
          return show(c, form, { kind: 'refused', text: weighed.text[visit.locale] })
        }
        // That there is such a record, and what was told of it, is read by whoever asks.
        await recordReading(log, visit, {
          action: 'read',
          reader: as,
          detail: { page: 'record-event' },
          disclosures: [{ resource, recordKey: weighed.record, dataSubject: null }],
        })
        const { before } = weighed
        return c.html(
          confirmPage(visit, {
            ...tellEventAct(visit),
            carried: carriedFrom(form),
            stated: [
              [t.event, eventInWords(visit, resource, event)],
              [t.key, weighed.record],
              [t.what, on === null ? t.whats.not : t.whats.happened],
              [t.day, on === null ? null : visit.formats.calendarDay(on)],
              [t.before, before === null ? t.nothing : t.beforeWas(toldDay(visit, before.on), before.toldBy)],
            ],
            above: pagesAbove(visit, 'events'),
          }),
        )
      }
      const by = await nameAfter(visit.viewer, as, await approversOfOpenPlans(desk.store))
      const outcome = await tellEvent(desk, { resource, record, event, on, by })
      if (!outcome.ok) {
        await recordMiss(visit, told, outcome)
        return show(c, form, { kind: 'refused', text: outcome.text[visit.locale] })
      }
      return c.redirect(`/retention/events?done=${on === null ? 'withdrawn' : 'told'}`, 303)
    })
}

const PLANS_A_PAGE = 100

/** A plan’s run asks whether one who agreed to it told of the event since: by another name it would not know them. */
async function approversOfOpenPlans(
  store: RecordEventRoutesDeps['desk']['store'],
): Promise<readonly Pseudonym[]> {
  const names: Pseudonym[] = []
  let page = await store.plans(PLANS_A_PAGE)
  for (;;) {
    for (const plan of page) if (!isPlanOver(plan)) names.push(...plan.approvals.map(({ by }) => by))
    const last = page.at(-1)
    if (last === undefined || page.length < PLANS_A_PAGE) return names
    page = await store.plans(PLANS_A_PAGE, last.id)
  }
}

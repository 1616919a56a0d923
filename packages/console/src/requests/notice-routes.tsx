import type { AccessLog } from '@varco/access-log'
import { statusAfter } from '../act/act-done.ts'
import { NOTICE_ENDS, settleNotice, type RecipientNotice, type RetentionDesk } from '@varco/retention'
import { Hono, type Context } from 'hono'
import type { ActResult } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm, type SentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { namesOf } from '../i18n/names.ts'
import { asHtml } from '../layout/document.tsx'
import { recordReading } from '../log/log-reading.ts'
import { disclosureOf } from '../log/log-routes.tsx'
import { cursorOf, pageWithin, readPlace } from '../log/place.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { LONGEST_NOTE, noticeAbove, NoticePage, settleNoticeAct } from './notice-page.tsx'
import { noticeHref, NoticesPage } from './notices-page.tsx'
import { noticesText } from './notices-text.ts'

const LISTED = 50
/** Of a longer queue the oldest are seen to first. */
const LOOKED_AT = 1_000
const SHORTEST_NOTE = 3

export interface NoticeRoutesDeps {
  readonly desk: RetentionDesk
  readonly log: AccessLog
}

/** What recipients are still to be told (GDPR Art. 19): the queue, one notice, and how it ended. */
export function noticeRoutes({ desk, log }: NoticeRoutesDeps): Hono<GuardedEnv> {
  const { notices } = desk
  /** One notice says whose data it is about: a disclosure, recorded before. */
  const show = async (
    c: Context<GuardedEnv>,
    notice: RecipientNotice,
    typed: SentForm,
    result: ActResult,
  ) => {
    const { visit, assignment } = c.var
    const { id, dataSubject } = notice
    await recordReading(log, visit, {
      action: 'read',
      reader: assignment,
      detail: { page: 'notice', notice: id },
      disclosures: dataSubject === null ? [] : [disclosureOf(visit, dataSubject)],
    })
    return c.html(asHtml(<NoticePage {...{ visit, notice, typed, result }} />), statusAfter(result))
  }

  return new Hono<GuardedEnv>()
    .use('/requests/notices', guard('handle-requests'))
    .use('/requests/notice', guard('handle-requests'))

    .get('/requests/notices', async (c) => {
      const { visit } = c.var
      const waiting = await notices.waiting(LOOKED_AT)
      const place = readPlace(visit.url.searchParams)
      const { shown, next } = pageWithin(waiting, place, LISTED, ({ id }) => cursorOf(id))
      const most = waiting.length < LOOKED_AT ? null : LOOKED_AT
      return c.html(asHtml(<NoticesPage {...{ visit, next, most }} notices={shown} />))
    })

    .get('/requests/notice', async (c) => {
      const { visit } = c.var
      const notice = await notices.notice(c.req.query('id') ?? '')
      if (notice === null) return c.html(notFoundPage(visit), 404)
      const text = noticesText[visit.locale].settledDone
      return show(c, notice, {}, visit.url.searchParams.has('done') ? { kind: 'done', text } : null)
    })

    .post('/requests/notice', async (c) => {
      const { visit, assignment } = c.var
      const t = noticesText[visit.locale]
      const form = sentForm(await c.req.parseBody())
      const notice = await notices.notice(form['id'] ?? '')
      if (notice === null) return c.html(notFoundPage(visit), 404)
      const how = NOTICE_ENDS.find((end) => end === form['how'])
      const note = (form['note'] ?? '').trim()
      const wrong = [
        ...(how === undefined ? (['how'] as const) : []),
        ...(note.length < SHORTEST_NOTE || note.length > LONGEST_NOTE ? (['note'] as const) : []),
      ]
      if (how === undefined || wrong.length > 0) {
        const problems = wrong.map((field) => ({ field, text: t.problems[field] }))
        return show(c, notice, form, { kind: 'incomplete', problems })
      }
      const { id, processor, request } = notice
      if (!isConfirmed(form)) {
        return c.html(
          confirmPage(visit, {
            ...settleNoticeAct(visit),
            carried: { id, how, note },
            stated: [
              [t.recipient, namesOf(visit.bundle, visit.locale).processor(processor)],
              [t.request, request],
              [t.how, t.ends[how]],
              [t.note, <span class="said">{note}</span>],
            ],
            above: [
              ...noticeAbove(visit),
              {
                title: namesOf(visit.bundle, visit.locale).processor(processor),
                href: noticeHref(id),
              },
            ],
          }),
        )
      }
      const outcome = await settleNotice(desk, { id, how, note, by: assignment.pseudonym })
      if (!outcome.ok) return show(c, notice, {}, { kind: 'refused', text: outcome.text[visit.locale] })
      return c.redirect(`${noticeHref(id)}&done=settled`, 303)
    })
}

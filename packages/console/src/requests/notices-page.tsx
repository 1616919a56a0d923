import type { RecipientNotice } from '@varco/retention'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { ListPaging } from '../log/list-paging.tsx'
import type { Visit } from '../visit/visit.ts'
import { noticesText } from './notices-text.ts'
import { requestHref } from './requests-page.tsx'
import { RequestsFrame } from './requests-frame.tsx'

/** Their ids have slashes, which some servers in front of the console do not pass on within a path. */
export function noticeHref(id: string): string {
  return `/requests/notice?id=${encodeURIComponent(id)}`
}

/** What recipients are still to be told, oldest first. Whose data it is stands on the page of each. */
export function NoticesPage(props: {
  visit: Visit
  notices: readonly RecipientNotice[]
  /** Where the next page starts; `null` on the last. */
  next: string | null
  /** Of how many the list is, where there may be more. */
  most: number | null
}): JSX.Element {
  const { visit, notices, next, most } = props
  const t = noticesText[visit.locale]
  const { formats, bundle, locale } = visit
  const names = namesOf(bundle, locale)
  return (
    <RequestsFrame visit={visit} section="notices">
      <p class="prose">{t.lead}</p>
      {notices.length === 0 ? (
        <Empty icon="check-circle">{t.none}</Empty>
      ) : (
        <ListTable
          caption={t.title}
          columns={[t.recipient, t.act, t.request, t.since]}
          rows={notices.map(({ id, processor, act, request, queuedAt }) => [
            <a href={noticeHref(id)}>{names.processor(processor)}</a>,
            t.acts[act],
            <a href={requestHref(request)}>{request}</a>,
            formats.day(queuedAt),
          ])}
        />
      )}
      {most === null ? null : <p class="hint">{t.more(formats.number(most))}</p>}
      <ListPaging visit={visit} next={next} />
    </RequestsFrame>
  )
}

import { deadlineOf, type DataSubjectRequest, type OfficeCalendar } from '@varco/reports'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { ListPaging } from '../log/list-paging.tsx'
import type { Visit } from '../visit/visit.ts'
import { dayInWords } from './plain-day.ts'
import { RequestBadge } from './request-badge.tsx'
import { RequestsFrame } from './requests-frame.tsx'
import { requestsText } from './text.ts'

export interface RequestsPageProps {
  readonly visit: Visit
  readonly calendar: OfficeCalendar
  readonly which: 'list' | 'closed'
  readonly requests: readonly DataSubjectRequest[]
  /** Where the next page starts; `null` on the last. */
  readonly next: string | null
}

/** Requests with their deadlines. Of who made them the list says nothing. */
export function RequestsPage({ visit, calendar, which, requests, next }: RequestsPageProps): JSX.Element {
  const t = requestsText[visit.locale]
  const { formats } = visit
  return (
    <RequestsFrame visit={visit} section={which}>
      {requests.length === 0 ? (
        <Empty icon="check-circle">{which === 'list' ? t.none : t.noneAtAll}</Empty>
      ) : (
        <ListTable
          caption={t.title}
          columns={[t.number, t.right, t.received, t.due, t.state]}
          rows={requests.map((request) => {
            const deadline = deadlineOf(request, calendar)
            return [
              <a href={requestHref(request.id)}>{request.id}</a>,
              t.rights[request.right],
              formats.day(request.receivedAt),
              deadline === null ? '–' : dayInWords(deadline.due, formats, calendar.timeZone),
              <RequestBadge visit={visit} request={request} calendar={calendar} />,
            ]
          })}
        />
      )}
      <ListPaging visit={visit} next={next} />
    </RequestsFrame>
  )
}

export function requestHref(id: string): string {
  return `/requests/${encodeURIComponent(id)}`
}

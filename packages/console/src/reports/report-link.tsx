import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Visit } from '../visit/visit.ts'
import { reportsFor } from './report-permissions.ts'
import type { OrderedKind, OrderField } from './order-fields.ts'

/** Leads to a document's form, filled in with what the page at hand is about; nothing for who may not make it. */
export function ReportLink(props: {
  visit: Visit
  kind: OrderedKind
  of: Readonly<Partial<Record<OrderField, string>>>
  children: Child
}): JSX.Element | null {
  const { visit, kind, of, children } = props
  if (!reportsFor(visit).includes(kind)) return null
  return (
    <a class="btn btn-outline-primary" href={`/reports/${kind}?${new URLSearchParams(of).toString()}`}>
      {children}
    </a>
  )
}

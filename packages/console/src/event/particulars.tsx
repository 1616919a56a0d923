import type { StoredEvent } from '@varco/access-log'
import type { Json, Locale } from '@varco/core'
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Facts } from '../layout/facts.tsx'
import type { Visit } from '../visit/visit.ts'
import { eventText } from './text.ts'

/** What an administrative event says of itself. */
export function Particulars({ visit, event }: { visit: Visit; event: StoredEvent }): JSX.Element | null {
  const t = eventText[visit.locale]
  const entries = Object.entries(event.detail ?? {})
  if (entries.length === 0) return null
  return (
    <section>
      <h2 class="h5">{t.detailTitle}</h2>
      <Facts of={entries.map(([key, value]) => [t.details[key] ?? key, inWords(value, visit.locale)])} />
    </section>
  )
}

function inWords(value: Json, locale: Locale): Child {
  const t = eventText[locale]
  if (value === null) return null
  if (typeof value === 'boolean') return value ? t.yes : t.no
  if (typeof value === 'string' || typeof value === 'number') return <code>{String(value)}</code>
  if (Object.keys(value).length === 0) return null
  return <code>{JSON.stringify(value)}</code>
}

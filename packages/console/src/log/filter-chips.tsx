import type { EventKind } from '@varco/access-log'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { Icon } from '../layout/icon.tsx'
import type { Visit } from '../visit/visit.ts'
import { FILTER_NAMES, logHref, startOfDay, type FilterName, type LogFilters } from './log-filters.ts'
import { logText } from './text.ts'

/** What the list is narrowed by now; each leads to the list without it. */
export function FilterChips(props: {
  visit: Visit
  filters: LogFilters
  subject: string | undefined
}): JSX.Element | null {
  const { visit, filters, subject } = props
  const t = logText[visit.locale]
  const active = FILTER_NAMES.filter((name) => filters[name] !== undefined)
  if (active.length === 0) return null
  return (
    <ul class="chips" aria-label={t.active}>
      {active.map((name) => {
        const { [name]: _removed, ...others } = filters
        return (
          <li>
            <a class="filter-chip" href={logHref({ filters: others, subject })}>
              <span>
                {t.filterNames[name]}: <strong>{filterValue(visit, name, filters[name] ?? '')}</strong>
              </span>
              <Icon name="close" class="icon-sm icon-primary" />
              <span class="visually-hidden">, {t.remove}</span>
            </a>
          </li>
        )
      })}
    </ul>
  )
}

function filterValue(visit: Visit, name: FilterName, value: string): string {
  const t = logText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const day = (text: string): string => visit.formats.ownDay(startOfDay(text, visit.timeZone, 0))
  const inWords: Partial<Record<FilterName, (value: string) => string>> = {
    from: day,
    to: day,
    kind: (kind) => (kind === 'all' ? t.all : t.kinds[kind as EventKind]),
    decision: (decision) => (decision === 'permit' ? t.permit : t.deny),
    processor: names.processor,
    contract: names.contract,
    purpose: names.purpose,
    resource: names.resource,
  }
  return inWords[name]?.(value) ?? value
}

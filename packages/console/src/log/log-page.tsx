import type { StoredEvent } from '@varco/access-log'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { Icon } from '../layout/icon.tsx'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import type { SubjectSearch } from './data-subject-search.ts'
import { CoverageBanner } from './coverage-banner.tsx'
import type { CoverageGap } from './coverage.ts'
import { EventTable } from './event-table.tsx'
import { FilterChips } from './filter-chips.tsx'
import { FilterPanel } from './filter-panel.tsx'
import { FILTER_NAMES, logHref, type LogAddress } from './log-filters.ts'
import { Paging } from './paging.tsx'
import { SavedSearchesPanel } from './saved-searches-panel.tsx'
import type { SavedSearch } from './saved-searches.ts'
import { logText } from './text.ts'

export interface LogPageProps {
  readonly visit: Visit
  readonly address: LogAddress
  /** The data subject searched for, and as it stands in the address. */
  readonly subject: { readonly search: SubjectSearch; readonly sealed: string } | null
  /** `null` when the filters are wrong: nothing was asked of the log. */
  readonly found: { readonly events: readonly StoredEvent[]; readonly next: string | null } | null
  /** How many events the page looked at, where it ended before it was full; `null`: it is full, or the log ends there. */
  readonly lookedAt: number | null
  readonly saved: readonly SavedSearch[]
  readonly gaps: readonly CoverageGap[]
  /** What came of keeping a search. */
  readonly problem?: string
}

/** The list of the log's events. */
export function LogPage(props: LogPageProps): JSX.Element {
  const { visit, address, subject, found, lookedAt, saved, gaps, problem } = props
  const t = logText[visit.locale]
  const query = logHref({ filters: address.filters, subject: undefined }).split('?')[1] ?? ''
  return (
    <Page
      visit={visit}
      title={t.title}
      above={[]}
      lead={t.lead}
      aside={
        <div class="title-buttons">
          <a class="btn btn-outline-primary btn-icon" href="/log/data-subject">
            <Icon name="user" class="icon-primary me-2" />
            <span>{t.subjectOpen}</span>
          </a>
          {subject === null ? (
            <>
              <a class="btn btn-outline-primary" href={`/log/timeline?${query}`}>
                {t.timeline}
              </a>
              <a class="btn btn-outline-primary" href={`/log/export?${query}`}>
                {t.exportOpen}
              </a>
            </>
          ) : null}
        </div>
      }
    >
      {problem === undefined ? null : (
        <p class="alert alert-danger" role="alert">
          {problem}
        </p>
      )}
      <CoverageBanner visit={visit} gaps={gaps} />
      {subject === null ? null : <SubjectBanner visit={visit} search={subject.search} />}
      <FilterPanel visit={visit} address={address} subject={subject?.sealed} />
      {subject === null ? (
        <SavedSearchesPanel
          visit={visit}
          saved={saved}
          query={query === '' || address.problems.length > 0 ? null : query}
        />
      ) : null}
      {found === null ? null : (
        <FilterChips visit={visit} filters={address.filters} subject={subject?.sealed} />
      )}
      <section id="results" aria-label={t.caption}>
        <Results {...{ visit, address, found, lookedAt }} subject={subject?.sealed} />
      </section>
    </Page>
  )
}

function SubjectBanner({ visit, search }: { visit: Visit; search: SubjectSearch }): JSX.Element {
  const t = logText[visit.locale]
  const kind = namesOf(visit.bundle, visit.locale).dataSubject(search.kind)
  return (
    <div class="banner" role="status">
      <Icon name="user" class="icon-primary" />
      <p>{t.subjectBanner(kind, search.hint, search.case)}</p>
      <a href="/log">{t.subjectEnd}</a>
    </div>
  )
}

function Results(props: {
  visit: Visit
  address: LogAddress
  found: LogPageProps['found']
  lookedAt: LogPageProps['lookedAt']
  subject: string | undefined
}): JSX.Element | null {
  const { visit, address, found, lookedAt, subject } = props
  const t = logText[visit.locale]
  if (found === null) return null
  const paging = (
    <Paging
      visit={visit}
      place={address}
      next={found.next}
      href={(to) => logHref({ filters: address.filters, subject }, to)}
    />
  )
  const soFar =
    lookedAt === null ? null : <p class="alert alert-info">{t.lookedAt(visit.formats.number(lookedAt))}</p>
  if (found.events.length === 0 && soFar !== null) {
    return (
      <>
        {soFar}
        {paging}
      </>
    )
  }
  if (found.events.length === 0) {
    const narrowed = subject !== undefined || FILTER_NAMES.some((name) => address.filters[name] !== undefined)
    return (
      <>
        <div class="empty">
          <Icon name="search" class="icon-lg icon-primary" />
          <h2 class="h5">{narrowed ? t.noResultTitle : t.emptyTitle}</h2>
          <p>{narrowed ? t.noResult : t.empty}</p>
        </div>
        {paging}
      </>
    )
  }
  return (
    <>
      <p class="result-count" role="status">
        {t.shown(visit.formats.number(found.events.length))}
      </p>
      <EventTable visit={visit} events={found.events} caption={t.caption} of="everybody" />
      {soFar}
      {paging}
    </>
  )
}

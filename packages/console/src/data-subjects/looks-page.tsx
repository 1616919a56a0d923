import { CHANNELS, RIGHTS, type Right } from '@varco/reports'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { SelectField, TextField } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { Page } from '../layout/page.tsx'
import type { SubjectSearch } from '../log/data-subject-search.ts'
import { calendarDay, logHref } from '../log/log-filters.ts'
import { logText } from '../log/text.ts'
import { requestsText } from '../requests/text.ts'
import { CsrfField } from '../session/csrf-field.tsx'
import type { Visit } from '../visit/visit.ts'
import { LOOKS_MOST, type Looks } from './looks.ts'
import { dataSubjectsText } from './text.ts'

/** Who looked at one person's data, month by month; and the way to take in what the person asks for. */
export function LooksPage(props: {
  visit: Visit
  search: SubjectSearch
  /** As it stands in the address. */
  sealed: string
  found: Looks
  mayReceive: boolean
}): JSX.Element {
  const { visit, search, sealed, found, mayReceive } = props
  const t = dataSubjectsText[visit.locale]
  const { formats } = visit
  const names = namesOf(visit.bundle, visit.locale)
  const body = logText[visit.locale].body
  return (
    <Page
      visit={visit}
      title={t.title}
      above={[{ title: t.searchTitle, href: '/data-subjects' }]}
      lead={t.lead(names.dataSubject(search.kind), search.hint, search.case)}
      aside={
        <a class="btn btn-outline-primary" href={logHref({ filters: {}, subject: sealed })}>
          {t.list}
        </a>
      }
    >
      {found.complete ? null : <p class="alert alert-info">{t.partial(formats.number(LOOKS_MOST))}</p>}
      {found.looks.length === 0 ? (
        <Empty icon="check-circle">{t.none}</Empty>
      ) : (
        <ListTable
          caption={t.title}
          columns={[t.month, t.who, t.why, t.accesses, t.last]}
          rows={found.looks.map((look) => [
            formats.month(look.month),
            [
              look.processor === null ? body : names.processor(look.processor),
              ...(look.unit === null ? [] : [names.unit(look.unit)]),
            ].join(', '),
            look.purpose === null ? logText[visit.locale].noPurpose : names.purpose(look.purpose),
            <>
              {formats.number(look.accesses)}
              {look.denied === 0 ? null : <small> ({t.denied(formats.number(look.denied))})</small>}
            </>,
            <time datetime={formats.machine(look.lastAt)}>{formats.instant(look.lastAt)}</time>,
          ])}
        />
      )}
      {mayReceive ? <StartRequest visit={visit} search={search} /> : null}
      <p>
        <a href="/data-subjects">{t.another}</a>
      </p>
    </Page>
  )
}

/** Leads into the form of a request, which asks once more. The person's key travels in the body, not in an address. */
function StartRequest({ visit, search }: { visit: Visit; search: SubjectSearch }): JSX.Element {
  const t = dataSubjectsText[visit.locale]
  const words = requestsText[visit.locale]
  return (
    <section class="panel act narrow">
      <h2 class="h5">{t.startTitle}</h2>
      <p>{t.startText}</p>
      <form method="post" action="/requests/new" autocomplete="off">
        {visit.viewer === null ? null : <CsrfField session={visit.viewer.session} />}
        <input type="hidden" name="identifier" value={`${search.kind} ${search.id}`} />
        <SelectField
          name="right"
          label={words.right}
          value="access"
          result={null}
          options={(Object.keys(RIGHTS) as Right[]).map((value) => ({ value, title: words.rights[value] }))}
        />
        <SelectField
          name="channel"
          label={words.channel}
          value="counter"
          result={null}
          options={CHANNELS.map((value) => ({ value, title: words.channels[value] }))}
        />
        <TextField
          name="received"
          type="date"
          label={words.received}
          value={calendarDay(visit.now, visit.bundle.document.varco.time_zone)}
          result={null}
        />
        <button type="submit" class="btn btn-primary">
          {t.startButton}
        </button>
      </form>
    </section>
  )
}

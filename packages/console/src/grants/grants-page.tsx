import type { Grant } from '@varco/engagement'
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { Page } from '../layout/page.tsx'
import { Sections } from '../layout/sections.tsx'
import { ListPaging } from '../log/list-paging.tsx'
import type { Visit } from '../visit/visit.ts'
import { GrantBadge } from './grant-badge.tsx'
import { grantsText } from './text.ts'

export const GRANT_VIEWS = ['waiting', 'reviews', 'all', 'mine'] as const
export type GrantView = (typeof GRANT_VIEWS)[number]

/** A page of a list. */
export const GRANTS_LISTED = 50

export interface GrantsPageProps {
  readonly visit: Visit
  readonly view: GrantView
  readonly grants: readonly Grant[]
  /** Where the next page starts; `null` on the last. */
  readonly next: string | null
  /** `null`: somebody who has only requests of their own. */
  readonly waiting: { readonly waiting: number; readonly reviews: number } | null
  readonly mayAsk: boolean
}

/** Grants without what they are about: that is shown one by one, and each reading recorded. */
export function GrantsPage(props: GrantsPageProps): JSX.Element {
  const { visit, view, grants, next, waiting, mayAsk } = props
  const t = grantsText[visit.locale]
  return (
    <Page
      visit={visit}
      title={view === 'mine' ? t.mine : t.title}
      above={view === 'mine' && waiting !== null ? [{ title: t.title, href: '/grants' }] : []}
      lead={view === 'mine' ? t.mineLead : t.lead}
      aside={
        mayAsk ? (
          <a class="btn btn-primary" href="/grants/new">
            {t.ask}
          </a>
        ) : null
      }
    >
      {waiting === null ? null : (
        <Sections
          label={t.sections}
          of={[
            { href: '/grants', title: t.toDecide, here: view === 'waiting', waiting: waiting.waiting },
            {
              href: '/grants?view=reviews',
              title: t.toReview,
              here: view === 'reviews',
              waiting: waiting.reviews,
            },
            { href: '/grants?view=all', title: t.all, here: view === 'all' },
            { href: '/grants/mine', title: t.mine, here: view === 'mine' },
          ]}
        />
      )}
      {grants.length === 0 ? (
        <Empty icon="check-circle">{t.none[view]}</Empty>
      ) : (
        <ListTable
          caption={t.caption[view]}
          columns={[t.request, t.data, t.who, t.unit, t.asked, t.state]}
          rows={grants.map((grant) => rowOf(visit, grant))}
        />
      )}
      <ListPaging visit={visit} next={next} />
    </Page>
  )
}

function rowOf(visit: Visit, grant: Grant): readonly Child[] {
  const names = namesOf(visit.bundle, visit.locale)
  const { formats } = visit
  return [
    <a href={`/grants/${grant.id}`}>{grant.id}</a>,
    <>
      {names.resource(grant.matter.resource)}
      <small class="d-block">{names.purpose(grant.matter.purpose)}</small>
    </>,
    <>
      {companyOfGrant(visit, grant)}
      <small class="d-block">
        {names.unit(grant.unit)} <code>{grant.pseudonym}</code>
      </small>
    </>,
    names.unit(grant.owner),
    <time datetime={formats.machine(grant.askedAt)}>{formats.instant(grant.askedAt)}</time>,
    <GrantBadge visit={visit} grant={grant} />,
  ]
}

/** The asker's company, or the body. */
export function companyOfGrant({ bundle, locale }: Visit, { processor }: Grant): string {
  return processor === null
    ? bundle.document.varco.controller.name
    : namesOf(bundle, locale).processor(processor)
}

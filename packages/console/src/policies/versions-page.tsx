import type { PolicyVersion } from '@varco/core'
import type { Activation, PolicySummary } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { StateBadge } from '../layout/state-badge.tsx'
import { ListPaging } from '../log/list-paging.tsx'
import type { Visit } from '../visit/visit.ts'
import { PolicyPage } from './policy-page.tsx'
import { versionsText } from './versions-text.ts'

export interface VersionsPageProps {
  readonly visit: Visit
  readonly versions: readonly PolicySummary[]
  /** Where the next page starts; `null` on the last. */
  readonly next: string | null
  readonly history: readonly Activation[]
}

/** Every version that was pushed, and what was in force when. */
export function VersionsPage({ visit, versions, next, history }: VersionsPageProps): JSX.Element {
  const t = versionsText[visit.locale]
  const { formats } = visit
  return (
    <PolicyPage visit={visit} section="versions" title={t.title} lead={t.lead}>
      {versions.length === 0 ? (
        <Empty>{t.none}</Empty>
      ) : (
        <ListTable
          caption={t.caption}
          columns={[t.version, t.put, t.by, t.state]}
          rows={versions.map(({ version, putAt, putBy }) => [
            <VersionLink version={version} />,
            <time datetime={formats.machine(putAt)}>{formats.instant(putAt)}</time>,
            <code>{putBy}</code>,
            <VersionBadge visit={visit} version={version} history={history} />,
          ])}
        />
      )}
      <ListPaging visit={visit} next={next} />
      {history.length === 0 ? null : (
        <section>
          <h2 class="h4">{t.historyTitle}</h2>
          <ListTable
            caption={t.historyCaption}
            columns={[t.number, t.version, t.from, t.activatedBy]}
            rows={history.map(({ number, version, activatedAt, activatedBy }) => [
              String(number),
              <VersionLink version={version} />,
              <time datetime={formats.machine(activatedAt)}>{formats.instant(activatedAt)}</time>,
              <code>{activatedBy}</code>,
            ])}
          />
        </section>
      )}
    </PolicyPage>
  )
}

function VersionLink({ version }: { version: PolicyVersion }): JSX.Element {
  return (
    <a href={`/policies/versions/${version}`}>
      <code>{version.slice(0, 12)}</code>
    </a>
  )
}

export function VersionBadge(props: {
  visit: Visit
  version: PolicyVersion
  history: readonly Activation[]
}): JSX.Element {
  const { visit, version, history } = props
  const t = versionsText[visit.locale]
  if (history[0]?.version === version)
    return (
      <StateBadge tone="permit" icon="check-circle">
        {t.inForce}
      </StateBadge>
    )
  return history.some((activation) => activation.version === version) ? (
    <StateBadge tone="note" icon="clock">
      {t.past}
    </StateBadge>
  ) : (
    <StateBadge tone="warning" icon="pencil">
      {t.draft}
    </StateBadge>
  )
}

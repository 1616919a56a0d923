import { isoToMicros } from '@varco/core'
import type { Certificate } from '@varco/retention'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { Facts } from '../layout/facts.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { planHref } from './plans-page.tsx'
import { retentionText } from './text.ts'

/** The certificate of destruction, to be read and printed. */
export function CertificatePage({ visit, of }: { visit: Visit; of: Certificate }): JSX.Element {
  const t = retentionText[visit.locale]
  const { formats } = visit
  const names = namesOf(visit.bundle, visit.locale)
  const at = (iso: string): string => formats.exact(isoToMicros(iso) ?? 0n)
  return (
    <Page
      visit={visit}
      title={t.certificate}
      above={[
        { title: t.title, href: '/retention' },
        { title: t.plan(of.plan.id.slice(0, 8)), href: planHref(of.plan.id) },
      ]}
      lead={t.certificateLead}
      aside={
        <a class="btn btn-outline-primary" href={`${planHref(of.plan.id)}/certificate.jws`}>
          {t.certificateDownload}
        </a>
      }
    >
      <Facts
        of={[
          [t.number, <code>{of.plan.id}</code>],
          [t.hash, <code class="hash">{of.plan.hash}</code>],
          [t.day, formats.calendarDay(of.plan.day)],
          [t.plannedBy, <code>{of.plan.planned_by}</code>],
          [t.endedAt, at(of.ended_at)],
          [t.endedEarly, of.ended_early === null ? null : t.earlyEnds[of.ended_early.why]],
          [t.backupsEnd, of.backups_end === null ? t.unknown : formats.calendarDay(of.backups_end)],
        ]}
      />
      <ListTable
        caption={t.perRule}
        titled
        columns={[t.rule, t.resource, t.action, t.records, t.done, t.kept, t.foundAgain, t.norm]}
        rows={of.rules.map((rule) => [
          names.retentionRule(rule.rule),
          <>
            {names.resource(rule.resource)}
            {rule.upstream.map((went) => (
              <small class="d-block">{`${formats.number(went.done)} ${names.resource(went.resource)} (${went.upstream})`}</small>
            ))}
          </>,
          t.actions[rule.action],
          formats.number(rule.planned),
          formats.number(rule.done),
          formats.number(Object.values(rule.kept).reduce((sum, count) => sum + count, 0)),
          formats.number(rule.found_again),
          rule.norm,
        ])}
      />
      <h2 class="h5">{t.approvals}</h2>
      <ol class="history">
        {of.approvals.map((approval) => (
          <li>
            <time datetime={approval.at}>{at(approval.at)}</time>
            {t.approvedBy(
              approval.by,
              Object.hasOwn(t.roles, approval.as) ? t.roles[approval.as as 'dpo'] : approval.as,
            )}
          </li>
        ))}
      </ol>
    </Page>
  )
}

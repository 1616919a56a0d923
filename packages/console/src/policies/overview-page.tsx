import type { CaseReport, RuleDocument } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf, type Names } from '../i18n/names.ts'
import { Facts } from '../layout/facts.tsx'
import type { Visit } from '../visit/visit.ts'
import { PolicyPage } from './policy-page.tsx'
import { policiesText } from './text.ts'

/** The rules in force, by the data they are about, and whether the golden cases agree with them. */
export function OverviewPage({ visit, cases }: { visit: Visit; cases: CaseReport }): JSX.Element {
  const t = policiesText[visit.locale]
  const { bundle } = visit
  const names = namesOf(bundle, visit.locale)
  const byResource = Map.groupBy(bundle.document.access, ({ resource }) => resource)
  const resources = [...byResource].sort(([a], [b]) =>
    names.resource(a).localeCompare(names.resource(b), visit.locale),
  )
  return (
    <PolicyPage visit={visit} section="overview" title={t.title} lead={t.lead}>
      <Facts
        of={[
          [t.inForce, <code class="hash">{bundle.version}</code>],
          [
            t.contents,
            t.counted(
              bundle.document.access.length,
              bundle.resources.size,
              bundle.purposes.size,
              bundle.contracts.size,
            ),
          ],
          [t.cases, casesInWords(visit, cases)],
          [
            t.notCovered,
            cases.rulesNotCovered.length === 0 ? null : <code>{cases.rulesNotCovered.join(', ')}</code>,
          ],
        ]}
      />
      <FailedCases visit={visit} cases={cases} />
      {resources.map(([resource, rules]) => (
        <section>
          <h2 class="h4">{names.resource(resource)}</h2>
          <div class="rule-cards">
            {rules.map((rule) => (
              <RuleCard visit={visit} rule={rule} names={names} />
            ))}
          </div>
        </section>
      ))}
    </PolicyPage>
  )
}

export function casesInWords({ locale }: Visit, { results, failed }: CaseReport): string {
  const t = policiesText[locale]
  if (results.length === 0) return t.casesNone
  return failed === 0 ? t.casesPass(results.length) : t.casesFail(failed, results.length)
}

export function FailedCases({ visit, cases }: { visit: Visit; cases: CaseReport }): JSX.Element | null {
  const t = policiesText[visit.locale]
  const failed = cases.results.filter(({ disagreements }) => disagreements.length > 0)
  if (failed.length === 0) return null
  return (
    <section class="alert alert-warning">
      <h2 class="h5">{t.failedTitle}</h2>
      <ul class="mb-0">
        {failed.map(({ id, title, disagreements }) => (
          <li>
            {title} <code>{id}</code>
            <ul>
              {disagreements.map(({ about, expected, actual }) => (
                <li>
                  {t.about[about]}: {t.expected} {expected.join(', ') || '–'}, {t.actual}{' '}
                  {actual.join(', ') || '–'}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  )
}

function RuleCard({ visit, rule, names }: { visit: Visit; rule: RuleDocument; names: Names }): JSX.Element {
  const t = policiesText[visit.locale]
  const { list } = visit.formats
  const needs = requirementsInWords(visit, rule)
  return (
    <article class={`panel rule rule-${rule.effect}`}>
      <h3 class="h6">
        <span class={`outcome outcome-${rule.effect === 'permit' ? 'permit' : 'deny'}`}>
          {t[rule.effect]}
        </span>{' '}
        <code>{rule.id}</code>
      </h3>
      <Facts
        of={[
          [t.who, rule.role === undefined ? t.everyone : list(rule.role.map(names.role))],
          [t.what, list(rule.actions.map((action) => t.actions[action] ?? action))],
          [t.why, rule.purposes === undefined ? t.anyPurpose : list(rule.purposes.map(names.purpose))],
          [t.needs, needs.length === 0 ? null : list(needs)],
          [t.because, rule.because],
        ]}
      />
      {rule.where === undefined ? null : (
        <details>
          <summary>{t.conditions}</summary>
          <pre class="wrap" tabindex={0}>
            {JSON.stringify(rule.where, null, 2)}
          </pre>
        </details>
      )}
    </article>
  )
}

function requirementsInWords({ locale }: Visit, { require }: RuleDocument): readonly string[] {
  const t = policiesText[locale]
  return [
    ...(require.ticket === 'open' ? [t.needsTicket] : []),
    ...(require.grant ? [t.needsGrant] : []),
    ...(require.step_up === true ? [t.needsStepUp] : []),
    ...(require.max_records_per_hour === undefined ? [] : [t.atMost(require.max_records_per_hour)]),
  ]
}

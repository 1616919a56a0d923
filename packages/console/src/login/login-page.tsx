import type { ProcessorDocument } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from '../layout/icon.tsx'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { loginText } from './text.ts'

/** @param props.to page to show after the login */
export function LoginPage({ visit, to }: { visit: Visit; to: string }): JSX.Element {
  const t = loginText[visit.locale]
  const { controller } = visit.bundle.document.varco
  const { atWork, before } = companiesOf(visit)
  return (
    <Page visit={visit} title={t.title} lead={t.lead(controller.name)}>
      <div class="row g-4 pt-2">
        <section class="col-lg-7">
          <div class="panel">
            <h2 class="h4">{t.staffTitle}</h2>
            <p>{t.staffText}</p>
            <a class="btn btn-primary btn-lg btn-icon" href={startHref({ to })}>
              <Icon name="user" class="icon-white me-2" />
              <span>{t.enter}</span>
            </a>
          </div>
        </section>
        <section class="col-lg-5">
          <h2 class="h5">{t.rulesTitle}</h2>
          <ul class="rules">
            {t.rules.map((rule) => (
              <li>{rule}</li>
            ))}
          </ul>
        </section>
        {atWork.length + before.length === 0 ? null : (
          <section class="col-lg-7">
            <h2 class="h5">{t.companiesTitle}</h2>
            <p>{t.companiesText}</p>
            <CompanyList companies={atWork} to={to} />
            {before.length === 0 ? null : (
              <details>
                <summary>{t.companiesBefore}</summary>
                <CompanyList companies={before} to={to} />
              </details>
            )}
          </section>
        )}
      </div>
    </Page>
  )
}

function CompanyList(props: { companies: readonly ProcessorDocument[]; to: string }): JSX.Element {
  const { companies, to } = props
  return (
    <ul class="plain-list spaced">
      {companies.map(({ processor, name }) => (
        <li>
          <a href={startHref({ with: processor, to: to === '/' ? '/me' : to })}>{name}</a>
        </li>
      ))}
    </ul>
  )
}

function startHref(parameters: { readonly to: string; readonly with?: string }): string {
  return `/login/start?${new URLSearchParams(parameters).toString()}`
}

/** Companies with a contract whose dates hold now, and those that worked before: their people’s accesses are still kept. */
function companiesOf({
  bundle,
  now,
}: Visit): Readonly<Record<'atWork' | 'before', readonly ProcessorDocument[]>> {
  const working = new Set(
    [...bundle.contracts.values()]
      .filter(({ from, to }) => now >= from && now < to)
      .map(({ processor }) => processor),
  )
  const those = (atWork: boolean): readonly ProcessorDocument[] =>
    [...bundle.processors].filter(([id]) => working.has(id) === atWork).map(([, document]) => document)
  return { atWork: those(true), before: those(false) }
}

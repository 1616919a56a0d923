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
  const companies = companiesAtWork(visit)
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
        {companies.length === 0 ? null : (
          <section class="col-lg-7">
            <h2 class="h5">{t.companiesTitle}</h2>
            <p>{t.companiesText}</p>
            <ul class="plain-list spaced">
              {companies.map(({ processor, name }) => (
                <li>
                  <a href={startHref({ with: processor, to: to === '/' ? '/me' : to })}>{name}</a>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Page>
  )
}

function startHref(parameters: { readonly to: string; readonly with?: string }): string {
  return `/login/start?${new URLSearchParams(parameters).toString()}`
}

/** Companies with a contract whose dates hold now. */
function companiesAtWork({ bundle, now }: Visit): readonly ProcessorDocument[] {
  const atWork = new Set(
    [...bundle.contracts.values()]
      .filter(({ from, to }) => now >= from && now < to)
      .map(({ processor }) => processor),
  )
  return [...bundle.processors].filter(([id]) => atWork.has(id)).map(([, document]) => document)
}

import type { PurposeId } from '@varco/core'
import { isOver } from '@varco/engagement'
import type { ProcessorDocument } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { durationInWords } from '../i18n/duration-in-words.ts'
import { namesOf } from '../i18n/names.ts'
import { Facts } from '../layout/facts.tsx'
import { logHref } from '../log/log-filters.ts'
import { may } from '../visit/may.ts'
import type { Visit } from '../visit/visit.ts'
import { ContractFrame } from './contract-frame.tsx'
import { contractStanding } from './contract-standing.ts'
import { periodOf, type ContractWithState } from './contracts-page.tsx'
import { StandingBadge } from './standing-badge.tsx'
import { contractsText } from './text.ts'

const DAY = 86_400_000_000n

/** One contract: how it stands, what it covers, how it ends. */
export function ContractPage(props: {
  visit: Visit
  of: ContractWithState
  processor: ProcessorDocument
}): JSX.Element {
  const { visit, of, processor } = props
  const { contract, state } = of
  const t = contractsText[visit.locale]
  const { formats, locale } = visit
  const standing = contractStanding(contract, state, visit.now)
  const daysLeft = Number((contract.to - visit.now + DAY - 1n) / DAY)
  const mayReadLog = may(visit, 'read-log')
  return (
    <ContractFrame
      visit={visit}
      contract={contract}
      section="overview"
      lead={processor.name}
      aside={<StandingBadge standing={standing} locale={locale} />}
    >
      <div class="event-columns">
        <div>
          <section>
            <h2 class="h5">{t.contractTitle}</h2>
            <Facts
              of={[
                [t.reference, contract.document.reference],
                [
                  t.period,
                  <>
                    {periodOf(visit, contract)}
                    {standing === 'active' || standing === 'notice' ? (
                      <small>{t.daysLeft(daysLeft)}</small>
                    ) : null}
                  </>,
                ],
                [
                  t.state,
                  <>
                    {t.standings[standing]}
                    {state === null ? null : (
                      <small>{(isOver(state) ? t.endedOn : t.since)(formats.day(state.since))}</small>
                    )}
                  </>,
                ],
                [t.mode, t[contract.document.mode]],
              ]}
            />
          </section>
          <Annex visit={visit} of={of} mayReadLog={mayReadLog} />
          <section>
            <h2 class="h5">{t.exitTitle}</h2>
            <Facts
              of={[
                [t.deleteWithin, durationInWords(contract.document.exit.delete_within, locale)],
                [t.because, contract.document.exit.because],
              ]}
            />
          </section>
        </div>
        <div>
          <section class="panel">
            <h2 class="h5">{t.companyTitle}</h2>
            <Facts
              of={[
                [t.company, processor.name],
                [t.country, countryName(processor.country, locale)],
                [
                  t.contact,
                  <>
                    {processor.contact.name}
                    <br />
                    <a href={`mailto:${processor.contact.email}`}>{processor.contact.email}</a>
                  </>,
                ],
                [t.issuer, <code>{processor.identity_provider.issuer}</code>],
              ]}
            />
            {mayReadLog ? (
              <ul class="plain-list">
                <li>
                  <a href={logHref({ filters: { contract: contract.id }, subject: undefined })}>{t.seeLog}</a>
                </li>
                <li>
                  <a
                    href={logHref({
                      filters: { contract: contract.id, decision: 'deny' },
                      subject: undefined,
                    })}
                  >
                    {t.seeRefused}
                  </a>
                </li>
              </ul>
            ) : null}
          </section>
          <SubProcessors visit={visit} processor={processor} />
        </div>
      </div>
    </ContractFrame>
  )
}

function Annex(props: { visit: Visit; of: ContractWithState; mayReadLog: boolean }): JSX.Element {
  const { visit, of, mayReadLog } = props
  const t = contractsText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  return (
    <section>
      <h2 class="h5">{t.annexTitle}</h2>
      <p class="hint">{t.annexText}</p>
      <table class="table table-sm stacked" role="table">
        <caption class="visually-hidden">{t.annexTitle}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {[t.purpose, t.clause, t.norm].map((column) => (
              <th scope="col" role="columnheader">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {of.contract.document.annex.map(({ purpose, clause }) => (
            <tr role="row">
              <th scope="row" role="rowheader">
                {mayReadLog ? (
                  <a href={logHref({ filters: { contract: of.contract.id, purpose }, subject: undefined })}>
                    {names.purpose(purpose)}
                  </a>
                ) : (
                  names.purpose(purpose)
                )}
              </th>
              <td role="cell" data-label={t.clause}>
                {clause}
              </td>
              <td role="cell" data-label={t.norm}>
                {visit.bundle.purposes.get(purpose as PurposeId)?.norm}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function SubProcessors({ visit, processor }: { visit: Visit; processor: ProcessorDocument }): JSX.Element {
  const t = contractsText[visit.locale]
  return (
    <section class="panel">
      <h2 class="h5">{t.subTitle}</h2>
      {processor.sub_processors.length === 0 ? (
        <p class="mb-0">{t.subNone}</p>
      ) : (
        <ul class="plain-list spaced">
          {processor.sub_processors.map(({ name, country, service }) => (
            <li>
              <strong>{name}</strong> ({countryName(country, visit.locale)})<br />
              {service[visit.locale]}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function countryName(code: string, locale: Visit['locale']): string {
  return new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code
}

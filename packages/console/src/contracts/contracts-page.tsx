import type { ContractState } from '@varco/engagement'
import type { Contract } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { contractStanding } from './contract-standing.ts'
import { StandingBadge } from './standing-badge.tsx'
import { contractsText } from './text.ts'

/** A contract of the bundle with its live state; `null` where the engagement does not know it. */
export interface ContractWithState {
  readonly contract: Contract
  readonly state: ContractState | null
}

/** All contracts, those in force first. */
export function ContractsPage(props: { visit: Visit; contracts: readonly ContractWithState[] }): JSX.Element {
  const { visit, contracts } = props
  const t = contractsText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  return (
    <Page visit={visit} title={t.title} above={[]} lead={t.lead}>
      {contracts.length === 0 ? (
        <p>{t.none}</p>
      ) : (
        <table class="table stacked" role="table">
          <caption class="visually-hidden">{t.caption}</caption>
          <thead role="rowgroup">
            <tr role="row">
              {[t.contract, t.company, t.period, t.annex, t.state].map((column) => (
                <th scope="col" role="columnheader">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {contracts.map(({ contract, state }) => (
              <tr role="row">
                <th scope="row" role="rowheader">
                  <a href={`/contracts/${encodeURIComponent(contract.id)}`}>
                    {contract.document.title[visit.locale]}
                  </a>
                  <small class="d-block">{contract.document.reference}</small>
                </th>
                <td role="cell" data-label={t.company}>
                  {names.processor(contract.processor)}
                </td>
                <td role="cell" data-label={t.period}>
                  {periodOf(visit, contract)}
                </td>
                <td role="cell" data-label={t.annex}>
                  {visit.formats.number(contract.purposes.size)}
                </td>
                <td role="cell" data-label={t.state}>
                  <StandingBadge
                    standing={contractStanding(contract, state, visit.now)}
                    locale={visit.locale}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Page>
  )
}

/** First and last day, both included. */
export function periodOf({ locale, formats }: Visit, { from, to }: Contract): string {
  return contractsText[locale].fromTo(formats.day(from), formats.day(to - 1n))
}

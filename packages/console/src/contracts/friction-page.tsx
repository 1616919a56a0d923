import type { Friction } from '@varco/oversight'
import type { Contract } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { reasonInWords } from '../log/reason-in-words.ts'
import type { Visit } from '../visit/visit.ts'
import { ContractFrame } from './contract-frame.tsx'
import { contractWords } from './contract-words.ts'
import { PeriodForm } from './period-form.tsx'
import { isTold, type Period } from './period.ts'

/** Where the contract's work meets refusals, and what follows. */
export function FrictionPage(props: {
  visit: Visit
  contract: Contract
  period: Period
  report: Friction
}): JSX.Element {
  const { visit, contract, period, report } = props
  const t = contractWords[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const counted = (count: number | null): string => (count === null ? t.few : visit.formats.number(count))
  return (
    <ContractFrame visit={visit} contract={contract} section="friction" lead={t.frictionLead}>
      <PeriodForm visit={visit} period={period} />
      {report.rows.length === 0 ? (
        isTold(visit, period.from) ? (
          <Empty>{t.frictionNone}</Empty>
        ) : null
      ) : (
        <>
          <ListTable
            caption={t.frictionCaption}
            columns={[t.resource, t.dimensions.purpose, t.reason, t.refusals, t.granted, t.minutes]}
            rows={report.rows.map((row) => [
              <>
                {names.resource(row.resource)}
                {row.field === '' ? null : (
                  <small class="d-block">{names.field(row.resource, row.field)}</small>
                )}
              </>,
              row.purpose === '' ? t.notGiven : names.purpose(row.purpose),
              reasonInWords(row.reason, visit.locale),
              counted(row.refusals),
              <>
                {counted(row.granted)}
                {row.grantsHeldBack.length === 0 ? null : (
                  <small class="d-block">{t.grantsHeldBack(row.grantsHeldBack.join(', '))}</small>
                )}
              </>,
              row.minutesToGrant === null ? '–' : visit.formats.number(row.minutesToGrant),
            ])}
          />
          <p class="hint">{t.heldBack(report.minGroup)}</p>
        </>
      )}
    </ContractFrame>
  )
}

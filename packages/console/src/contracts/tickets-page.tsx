import { ticketTable, type TicketIntegrity } from '@varco/oversight'
import type { Contract } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { ReportLink } from '../reports/report-link.tsx'
import type { Visit } from '../visit/visit.ts'
import { ContractFrame } from './contract-frame.tsx'
import { contractWords } from './contract-words.ts'
import type { WorkedOut } from './long-work.ts'
import { PeriodForm } from './period-form.tsx'
import type { Period } from './period.ts'

/** What the contract's tickets were worth, beside those of the body's own units. */
export function TicketsPage(props: {
  visit: Visit
  contract: Contract
  period: Period
  /** `null`: it is still being worked out. */
  report: WorkedOut<TicketIntegrity> | null
}): JSX.Element {
  const { visit, contract, period, report } = props
  const t = contractWords[visit.locale]
  return (
    <ContractFrame
      visit={visit}
      contract={contract}
      section="tickets"
      lead={t.ticketsLead}
      aside={
        <ReportLink visit={visit} kind="tickets" of={{}}>
          {t.asDocument}
        </ReportLink>
      }
    >
      <PeriodForm visit={visit} period={period} />
      {report === null ? (
        <div role="status" data-awaited>
          <Empty icon="clock">
            {t.beingWorkedOut} <a href={visit.url.pathname + visit.url.search}>{t.lookAgain}</a>
          </Empty>
        </div>
      ) : (
        <Figures visit={visit} contract={contract} report={report} />
      )}
    </ContractFrame>
  )
}

function Figures(props: {
  visit: Visit
  contract: Contract
  report: WorkedOut<TicketIntegrity>
}): JSX.Element {
  const { visit, contract, report } = props
  const t = contractWords[visit.locale]
  const { rows, isCounted } = report.value
  const table = ticketTable(report.value, visit.locale)
  return (
    <>
      {isCounted ? null : <p class="alert alert-info">{t.ticketsUncounted}</p>}
      {report.at === visit.now ? null : <p class="hint">{t.asOf(visit.formats.instant(report.at))}</p>}
      {rows.some((row) => row.contract === contract.id) ? (
        <>
          <ListTable
            caption={table.title}
            columns={table.columns.map((column, index) =>
              index === 0
                ? t.figure
                : column === contract.id
                  ? contract.document.title[visit.locale]
                  : column,
            )}
            rows={table.rows.map((cells) => cells.map((cell) => cellText(visit, cell)))}
          />
          {rows.some((row) => row.contract === null) ? <p class="hint">{t.ticketsBeside}</p> : null}
        </>
      ) : (
        <Empty>{t.ticketsNone}</Empty>
      )}
    </>
  )
}

/** As `ticketTable` writes the ends of an interval. */
const INTERVAL = /^(\d+\.\d\d) – (\d+\.\d\d)$/

function cellText({ formats }: Visit, cell: string | number | null): string {
  if (cell === null || cell === '') return '–'
  if (typeof cell === 'number') return Number.isInteger(cell) ? formats.number(cell) : formats.decimal(cell)
  const [, low, high] = INTERVAL.exec(cell) ?? []
  if (low === undefined || high === undefined) return cell
  return `${formats.decimal(Number(low))} – ${formats.decimal(Number(high))}`
}

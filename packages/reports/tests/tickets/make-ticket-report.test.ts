import {
  InvalidPeriodError,
  makeTicketReport,
  renderJson,
  ticketCsv,
  ticketReportSchema,
  verifyReport,
} from '@varco/reports'
import { expect, test } from 'vitest'
import { TICKETS } from '../contract-facts.ts'
import { sampleBody } from '../sample-body.ts'

const asked = { locale: 'it', requestedBy: 'GSE-CM001' } as const

test('re-prices tickets by matter resolved, to the cent, and proves its own making', async () => {
  await using body = await sampleBody()
  const report = await makeTicketReport({ ...body, requestId: () => 'r-1' }, TICKETS, asked)
  expect(report.period).toEqual({ from: '2026-03-01', to: '2026-04-30' })
  expect(report.rows[0]).toMatchObject({
    tickets_per_resolved_episode: 1.95,
    tickets_per_resolved_episode_interval: { low: 1.9, high: 2.01 },
    price: { per_ticket: 4.2, total: 18_102, per_resolved_episode: 9.13 },
  })
  expect(report.rows[1]).toMatchObject({ contract: null, price: null, time_to_resolution: null })
  expect(ticketReportSchema.parse(report)).toEqual(report)
  expect(verifyReport(renderJson(report), body.verifier)).toMatchObject({ ok: true })
})

test('a contract the bundle no longer knows keeps its name, and the table has a line for each', async () => {
  await using body = await sampleBody()
  const [first] = TICKETS.rows
  const rows = [{ ...first, contract: 'gone-2018' } as (typeof TICKETS.rows)[number], ...TICKETS.rows]
  const report = await makeTicketReport({ ...body, requestId: () => 'r-1' }, { ...TICKETS, rows }, asked)
  expect(report.rows[0]?.contract).toMatchObject({ id: 'gone-2018', company: { title: 'gone-2018' } })
  expect(ticketCsv(report).trim().split('\r\n')).toHaveLength(4)
})

test('refuses a period that ends before it begins', async () => {
  await using body = await sampleBody()
  const turned = { ...TICKETS, from: TICKETS.to, to: TICKETS.from }
  await expect(makeTicketReport({ ...body, requestId: () => 'r-1' }, turned, asked)).rejects.toBeInstanceOf(
    InvalidPeriodError,
  )
})

import { accessCsv, FileShelf, makeShelvedReport, type ShelvedReport } from '@varco/reports'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { GIULIA, sampleBody, yearOfAccesses, type SampleBody } from '../sample-body.ts'

async function tableOf(body: SampleBody, locale: 'it' | 'en'): Promise<readonly string[]> {
  const dir = await mkdtemp(path.join(tmpdir(), 'varco-csv-'))
  try {
    await using shelf = await FileShelf.in(dir)
    const shelved: ShelvedReport = await makeShelvedReport(
      { ...body, requestId: () => 'r-1' },
      { identifier: null, dataSubjects: [GIULIA], locale, requestedBy: 'RPD-2K9QX' },
      shelf,
    )
    return (await Array.fromAsync(accessCsv(shelved))).join('').split('\r\n')
  } finally {
    await rm(dir, { recursive: true })
  }
}

test('has a row for each access, newest first, in the reader’s words', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const [head, first, ...rest] = await tableOf(body, 'en')
  expect(head).toBe(
    '\ufeff"When","Instant (UTC)","Entry","Company","Unit","Role","Pseudonym","Purpose","Contract","Ticket","Operation","Records","In plain","Masked"',
  )
  expect(first).toBe(
    '"19 October 2026, 11:07:31","2026-10-19T09:07:31.000001Z","proxy-1.1.16","Aurora Servizi S.r.l.","Contact centre","Contact centre operator","AUR-4MX7C","Invoice enquiry","GSE-2025-114","T-2026-0111","read","Invoice 10","Number, Period, Amount, Status","IBAN, Tax code"',
  )
  // Fourteen more, and the end of the last line.
  expect(rest).toHaveLength(15)
  expect(rest.at(-1)).toBe('')
  expect((await tableOf(body, 'it'))[0]).toContain('"Finalità"')
})

test('runs nothing, whatever stands in a ticket’s number', async () => {
  await using body = await sampleBody()
  await body.access('2026-02-03T07:00:30Z', { ticket: '=HYPERLINK("http://a.example")' })
  const [, row] = await tableOf(body, 'it')
  expect(row).toContain(`"'=HYPERLINK(""http://a.example"")"`)
})

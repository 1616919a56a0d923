import {
  EXPORT_FORMATS,
  exportLog,
  generateLogKeys,
  openAccessLog,
  openAccessLogReader,
  type AccessLogReader,
  type AccessLogWriter,
  type ExportFormat,
  type ExportOptions,
} from '@varco/access-log'
import { eventDraft, failingStore, memoryLogStore } from '@varco/access-log/testing'
import { asId, UnavailableError, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const keys = generateLogKeys('gse.example/varco')
let store = failingStore(memoryLogStore())
let log: AccessLogWriter
let reader: AccessLogReader

beforeEach(async () => {
  const memory = memoryLogStore()
  store = failingStore(memory)
  const clock = new ManualClock(1_795_500_000_000_000n)
  log = await openAccessLog({ store, keys, clock, writer: asId<WriterId>('console-1') })
  reader = openAccessLogReader({ store: memory, keys })
  for (const ticket of ['T-1', '=cmd()', 'a,"b"\u2028']) await log.append(eventDraft({ ticket }))
  await log.append(eventDraft({ decision: 'deny', disclosures: [], action: 'update', workstation: null }))
})

afterEach(async () => {
  await log[Symbol.asyncDispose]()
})

async function exported(format: ExportFormat, options: Partial<ExportOptions> = {}): Promise<string> {
  let text = ''
  const base = {
    reader,
    log,
    query: { kind: 'access' },
    requestId: 'export-1',
    operator: 'dpo-1',
    reason: 'yearly audit',
  } as const
  for await (const part of exportLog({ ...base, format, ...options })) text += part
  return text
}

describe('an export', () => {
  test('as CSV has a row for each event, nothing a spreadsheet would run, and its own name in each', async () => {
    const lines = (await exported('csv')).trimEnd().split('\r\n')
    expect(lines).toHaveLength(5)
    expect(lines[0]).toMatch(/^id,at,kind,.*,export$/)
    expect(lines[1]).toContain('console-1.1.4,2026-11-24T')
    expect(lines[2]).toContain('"a,""b""\u2028"')
    expect(lines[3]).toContain(",'=cmd(),")
    for (const line of lines.slice(1)) expect(line.endsWith(',console-1.1.5')).toBe(true)
  })

  test.each([
    ['=1', "'=1"],
    [' =1', "' =1"],
    ['＝1', "'＝1"],
    ['|cmd', "'|cmd"],
    ['%1', "'%1"],
    ["x;=cmd|'/C calc'!A0;y", "x;'=cmd|'/C calc'!A0;y"],
  ])('as CSV disarms %j wherever a contractor may write it', async (formula, harmless) => {
    const told = { ticket: formula, workstation: formula, unit: formula, instructedBy: formula }
    await log.append(eventDraft({ ...told, requestId: formula, operator: formula, plain: [formula] }))
    const [header = '', row = ''] = (await exported('csv')).split('\r\n')
    const cells = new Map(header.split(',').map((name, i) => [name, row.split(',')[i]]))
    for (const name of ['ticket', 'workstation', 'unit', 'instructed_by', 'request_id', 'operator', 'plain'])
      expect(cells.get(name)).toBe(harmless)
  })

  test('as JSON Lines holds each event whole', async () => {
    const rows = (await exported('jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(rows).toHaveLength(4)
    expect(rows[3]).toMatchObject({
      id: 'console-1.1.1',
      ticket: 'T-1',
      plain: ['number', 'amount'],
      export: 'console-1.1.5',
    })
    expect(rows[3]?.['at']).toMatch(/^2026-11-24T\d{2}:\d{2}:\d{2}\.\d{6}Z$/)
  })

  test('as OCSF has what the class API Activity requires', async () => {
    const rows = (await exported('ocsf'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    for (const row of rows) {
      for (const key of [
        'activity_id',
        'actor',
        'api',
        'category_uid',
        'class_uid',
        'metadata',
        'severity_id',
        'src_endpoint',
        'time',
        'type_uid',
      ]) {
        expect(row).toHaveProperty(key)
      }
      expect(row['type_uid']).toBe(Number(row['class_uid']) * 100 + Number(row['activity_id']))
    }
    expect(rows[0]).toMatchObject({
      activity_id: 3,
      status: 'Failure',
      unmapped: { export: 'console-1.1.5' },
    })
    expect(rows[3]).toMatchObject({ activity_id: 2, status: 'Success', actor: { user: { uid: 'op-7f3a' } } })
  })

  test.each(EXPORT_FORMATS)('as %s is streamed over many pages', async (format) => {
    await Promise.all(Array.from({ length: 1_100 }, () => log.append(eventDraft())))
    const lines = (await exported(format)).trimEnd().split('\n')
    expect(lines).toHaveLength(1_104 + (format === 'csv' ? 1 : 0))
  })

  test('is recorded first: what was asked for, and of a person only a commitment and a lookup', async () => {
    const dataSubject = { kind: 'producer', id: 'P-1' }
    await exported('csv', { query: { dataSubject, contract: 'cc-2026', from: 1_795_500_000_000_000n } })
    const [record] = (await reader.search({ kind: 'log-exported', limit: 1 })).events
    expect(record).toMatchObject({ operator: 'dpo-1', action: 'export', disclosed: { count: 1 } })
    expect(record?.detail).toEqual({
      format: 'csv',
      reason: 'yearly audit',
      query: { contract: 'cc-2026', from: '2026-11-24T06:00:00.000000Z' },
    })
    expect(record?.filters.map(({ field }) => field)).toEqual(['data_subject'])
    const about: string[] = []
    for await (const { event } of reader.accessesOf(dataSubject)) about.push(event.kind)
    expect(about).toContain('log-exported')
  })

  test('that cannot be recorded gives nothing out', async () => {
    store.away = true
    const parts = exportLog({
      reader,
      log,
      query: {},
      format: 'csv',
      requestId: 'x',
      operator: null,
      reason: 'none',
    })
    await expect(parts.next()).rejects.toThrow(UnavailableError)
  })
})

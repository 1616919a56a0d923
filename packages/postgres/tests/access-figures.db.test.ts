import { actDraft, generateLogKeys, openAccessLog, openAccessLogReader } from '@varco/access-log'
import { eventDraft } from '@varco/access-log/testing'
import { asId, isoToMicros, UnavailableError } from '@varco/core'
import { openDatabase, openLogStore, postgresAccessFigures, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { readerAccessFigures } from '@varco/reports/testing'
import { expect, inject, test } from 'vitest'

const at = (iso: string) => isoToMicros(iso) ?? 0n
/** Around the turn of a month in Rome, and across the end of summer time. */
const INSTANTS = [
  '2026-10-24T23:59:59.999999Z',
  '2026-10-25T00:59:59.999999Z',
  '2026-10-31T22:59:59.999990Z',
  '2026-10-31T23:00:00.000000Z',
  '2026-12-31T22:59:59.999999Z',
  '2026-12-31T23:00:00.000001Z',
]
const ALL = [at('2026-01-01T00:00:00Z'), at('2028-01-01T00:00:00Z')] as const

async function fill(database: Database) {
  const keys = generateLogKeys('gse.example/varco')
  const store = openLogStore(database, { mindsClock: false })
  let now = at('2026-10-24T00:00:00Z')
  await using log = await openAccessLog({ store, keys, clock: { now: () => now }, writer: asId('proxy-1') })
  for (const instant of INSTANTS) {
    now = at(instant)
    await log.append(eventDraft({ purpose: 'invoice-enquiry' }))
    await log.append(
      eventDraft({ decision: 'deny', disclosures: [], processor: null, contract: null, purpose: null }),
    )
    await log.append(actDraft('report-made', { requestId: 'r', detail: { report: 'varco/subject-report' } }))
  }
  return { store, reader: openAccessLogReader({ store, keys }) }
}

const inOrder = (figures: readonly object[]) =>
  figures.map((figure) => JSON.stringify(figure, Object.keys(figure).sort())).sort()

test.each(['Europe/Rome', 'UTC', 'Asia/Kolkata'])(
  'counts what counting event by event gives, in %s',
  async (zone) => {
    await using database = await scratchDatabase(inject('serverUrl'))
    const { reader } = await fill(database)
    const figures = await postgresAccessFigures(database).count(...ALL, zone)
    expect(inOrder(figures)).toEqual(inOrder(await readerAccessFigures(reader).count(...ALL, zone)))
    // The log's own entries, such as a writer's start, are counted too.
    const ours = figures.filter(({ kind }) => kind === 'access' || kind === 'report-made')
    expect(ours.reduce((sum, { count }) => sum + count, 0)).toBe(3 * INSTANTS.length)
  },
)

test('takes the period to the microsecond: the end is outside', async () => {
  await using database = await scratchDatabase(inject('serverUrl'))
  await fill(database)
  const count = async (from: string, to: string) => {
    const figures = await postgresAccessFigures(database).count(at(from), at(to), 'Europe/Rome')
    return figures
      .filter(({ decision }) => decision === 'permit')
      .reduce((sum, figure) => sum + figure.count, 0)
  }
  expect(await count('2026-10-31T22:59:59.999990Z', '2026-10-31T23:00:00.000000Z')).toBe(1)
  expect(await count('2026-10-31T23:00:00.000000Z', '2026-10-31T23:00:00.000001Z')).toBe(1)
  expect(await count('2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z')).toBe(0)
})

test('says that the log is not available when it cannot be read', async () => {
  await using gone = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/nowhere' })
  await expect(postgresAccessFigures(gone).count(...ALL, 'UTC')).rejects.toThrow(UnavailableError)
})

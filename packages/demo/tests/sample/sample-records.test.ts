import { belfioreConnector } from '@marketto/belfiore-connector-embedded'
import { CodiceFiscaleUtils } from '@marketto/codice-fiscale-utils'
import { describe, expect, it } from 'vitest'
import { dayFromIso, instant } from '../../src/sample/day.ts'
import { sampleOperators } from '../../src/sample/sample-operators.ts'
import { sampleRecords } from '../../src/sample/sample-records.ts'

type Row = Readonly<Record<string, string | number | boolean | null>>
type Tables = ReadonlyMap<string, readonly Row[]>

const now = instant('2026-11-24T10:00:00+01:00')

async function recordsOf(options: { seed?: string; producers?: number; now?: bigint } = {}): Promise<Tables> {
  const tables = await sampleRecords({ now, seed: 'test', producers: 120, ...options })
  return new Map(tables.map(({ name, rows }) => [name, [...rows] as readonly Row[]]))
}

const column = (tables: Tables, table: string, name: string): readonly unknown[] =>
  (tables.get(table) ?? []).map((row) => row[name]).filter((value) => value !== null)

const shared = recordsOf()

describe('sampleRecords', () => {
  it('gives the same rows for the same seed and other rows for another', async () => {
    const [once, again, other] = [await shared, await recordsOf(), await recordsOf({ seed: 'another' })]
    expect(again).toEqual(once)
    expect(other.get('producer')).not.toEqual(once.get('producer'))
  })

  it('keeps who the producers are when only the day changes', async () => {
    const later = await recordsOf({ now: instant('2026-12-15T10:00:00+01:00') })
    const today = await shared
    expect(column(later, 'producer', 'tax_code')).toEqual(column(today, 'producer', 'tax_code'))
    expect(column(later, 'plant', 'pod')).toEqual(column(today, 'plant', 'pod'))
  })

  it('gives each row of a table the same columns in the same order', async () => {
    for (const [name, rows] of await shared) {
      const shapes = new Set(rows.map((row) => Object.keys(row).join()))
      expect([name, shapes.size]).toEqual([name, 1])
    }
  })

  it('refers only to rows that exist', async () => {
    const tables = await shared
    const references = [
      ...['plant', 'photovoltaic_practice', 'antimafia_check', 'invoice', 'invoice_correction'].map(
        (table) => [table, 'producer_id', 'producer'] as const,
      ),
      ...['meter_reading', 'portal_account', 'contact_note', 'complaint'].map(
        (table) => [table, 'producer_id', 'producer'] as const,
      ),
      ...['photovoltaic_practice', 'invoice', 'meter_reading'].map(
        (table) => [table, 'plant_id', 'plant'] as const,
      ),
      ['antimafia_check', 'practice_id', 'photovoltaic_practice'],
      ['invoice_correction', 'invoice_id', 'invoice'],
    ] as const
    for (const [table, key, parent] of references) {
      const known = new Set(column(tables, parent, key))
      const children = column(tables, table, key)
      expect(children.length).toBeGreaterThan(0)
      expect([table, key, children.filter((value) => !known.has(value))]).toEqual([table, key, []])
    }
  })

  it('gives everybody a tax code of their own that the library’s checker accepts', async () => {
    const { validator } = new CodiceFiscaleUtils(belfioreConnector)
    const codes = column(await shared, 'producer', 'tax_code') as readonly string[]
    expect(new Set(codes).size).toBe(codes.length)
    const persons = codes.filter((code) => code.length === 16)
    expect(persons.length).toBe(90)
    const verdicts = await Promise.all(persons.map((code) => validator.codiceFiscale(code).valid))
    expect(verdicts.filter((valid) => !valid)).toEqual([])
  })

  it('lets every producer have a plant, a practice, an account and a recent invoice an operator may speak of', async () => {
    const tables = await shared
    const producers = new Set(column(tables, 'producer', 'producer_id'))
    for (const table of ['plant', 'photovoltaic_practice', 'portal_account', 'meter_reading']) {
      expect(new Set(column(tables, table, 'producer_id'))).toEqual(producers)
    }
    const spoken = (tables.get('invoice') ?? []).filter(
      ({ status, period }) => status !== 'cancelled' && period === '2026-Q3',
    )
    expect(new Set(spoken.map((row) => row['producer_id']))).toEqual(producers)
  })

  it('says a check is pending until one is released, however it ended', async () => {
    const checks = (await recordsOf({ producers: 2_000 })).get('antimafia_check') ?? []
    const told = checks.map(({ status, outcome, valid_until: until }) => [
      String(outcome),
      until === null ? 'never valid' : String(until) < '2026-11-24' ? 'over' : 'valid still',
      String(status),
    ])
    expect(
      [...new Set(told.map((each) => each.join(': ')))].toSorted((one, other) => one.localeCompare(other)),
    ).toEqual([
      'barred: never valid: pending',
      'null: never valid: pending',
      'released: over: expired',
      'released: valid still: valid',
    ])
  })

  it('dates nothing after now', async () => {
    const future = new Set(['due_on', 'valid_until', 'incentive_ends_on'])
    for (const [table, rows] of await shared) {
      for (const row of rows) {
        const late = Object.entries(row).filter(
          ([name, value]) =>
            /_(on|at)$/.test(name) &&
            !future.has(name) &&
            typeof value === 'string' &&
            value > '2026-11-24T09:00:00.000001Z',
        )
        expect([table, late]).toEqual([table, []])
      }
    }
  })

  it('has notes written only by people of that contract, while it lasted', async () => {
    const people = new Map(sampleOperators().map((operator) => [operator.pseudonym as string, operator]))
    for (const note of (await shared).get('contact_note') ?? []) {
      const author = people.get(String(note['written_by']))
      expect(author?.contract).toBe(note['contract'])
      const day = dayFromIso(String(note['written_at']).slice(0, 10))
      expect(BigInt(day) * 86_400_000_000n).toBeGreaterThanOrEqual((author?.from ?? 0n) - 86_400_000_000n)
    }
  })

  it('keeps records past their time, for somebody to forget', async () => {
    const tables = await recordsOf({ producers: 400 })
    expect(
      column(tables, 'invoice', 'last_entry_on').filter((day) => String(day) < '2016-11-24').length,
    ).toBeGreaterThan(0)
    expect(
      column(tables, 'visitor', 'arrived_at').filter((at) => String(at) < '2026-10-25').length,
    ).toBeGreaterThan(0)
    expect(
      column(tables, 'contact_note', 'written_at').filter((at) => String(at) < '2024-11-24').length,
    ).toBeGreaterThan(0)
  })
})

import type { Micros } from '@varco/core'
import type { Pool } from 'pg'
import { inTransaction } from './in-transaction.ts'

/** The tables that have monthly partitions. */
export const PARTITIONED = ['events', 'disclosures'] as const
/** Arbitrary: one at a time makes partitions. */
const LOCK = 7_262_001
const MONTHS_AHEAD = 2

/** A calendar month in UTC. */
export interface Month {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
}

/** The month a time falls in. */
export function monthOf(at: Micros): Month {
  const date = new Date(Number(at / 1_000n))
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 }
}

export function monthAfter({ year, month }: Month, months = 1): Month {
  const index = year * 12 + (month - 1) + months
  return { year: Math.floor(index / 12), month: (index % 12) + 1 }
}

export function monthStart({ year, month }: Month): Micros {
  return BigInt(Date.UTC(year, month - 1)) * 1_000n
}

/** `2026_11`: the end of a partition's name. */
export function monthName({ year, month }: Month): string {
  return `${year}_${String(month).padStart(2, '0')}`
}

/** Makes the log's monthly partitions: those a batch needs, and two months ahead so that no batch waits. */
export class LogPartitions {
  readonly #pool: Pool
  readonly #made = new Set<string>()

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** Whether events of this time have somewhere to go, as far as is known here. */
  covers(at: Micros): boolean {
    return this.#made.has(monthName(monthOf(at)))
  }

  async ensure(from: Micros, to: Micros): Promise<void> {
    const last = monthAfter(monthOf(to), MONTHS_AHEAD)
    for (let month = monthOf(from); monthStart(month) <= monthStart(last); month = monthAfter(month)) {
      const name = monthName(month)
      if (this.#made.has(name)) continue
      await this.#make(month)
      this.#made.add(name)
    }
  }

  /** Attaching, unlike creating in place, lets reading and writing of the other partitions go on. */
  async #make(month: Month): Promise<void> {
    await inTransaction(this.#pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
      for (const table of PARTITIONED) {
        const partition = `${table}_${monthName(month)}`
        const { rowCount } = await client.query('SELECT FROM pg_class WHERE oid = to_regclass($1)', [
          `varco.${partition}`,
        ])
        if (rowCount === 1) continue
        await client.query(`CREATE TABLE varco.${partition} (LIKE varco.${table} INCLUDING ALL)`)
        await client.query(
          `ALTER TABLE varco.${table} ATTACH PARTITION varco.${partition}
           FOR VALUES FROM (${monthStart(month)}) TO (${monthStart(monthAfter(month))})`,
        )
      }
    })
  }
}

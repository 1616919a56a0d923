import { UnavailableError } from '@varco/core'
import {
  errandRule,
  type Errand,
  type Errands,
  type ErrandStanding,
  type OpenErrand,
  type UpstreamOutbox,
} from '@varco/retention'
import type pg from 'pg'
import { available } from './available.ts'
import type { Database } from './database.ts'
import { inTransaction } from './in-transaction.ts'
import { writeTombstones } from './write-tombstones.ts'

/** What is to go from upstreams, on PostgreSQL. */
export function openUpstreamOutbox({ pool }: Pick<Database, 'pool'>): UpstreamOutbox {
  const fromStore = <T>(work: () => Promise<T>): Promise<T> => available('retention', work)
  const ask = <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
    fromStore(async () => (await pool.query<Row>(text, values)).rows)
  /** What went and how the errand stands: both or neither. */
  const settle = (errand: Errand, gone: Errands | null, text: string, values: unknown[]): Promise<void> =>
    fromStore(() =>
      inTransaction(pool, async (client) => {
        const { plan, rule, resource } = errand
        if (gone !== null) await writeTombstones(client, { plan, rule: errandRule(rule, resource) }, gone)
        await client.query(text, [...idOf(errand), ...values])
      }),
    )
  return {
    queue: async (errands, at) => {
      if (errands.length === 0) return []
      const columns = [0, 1, 2, 3, 4].map((part) => errands.map((errand) => idOf(errand)[part]))
      await ask(
        `INSERT INTO varco.upstream_outbox (plan, rule, resource, tie, parent, since_us, not_before_us)
         SELECT *, $6::bigint, $6::bigint FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
         ON CONFLICT DO NOTHING`,
        [...columns, at],
      )
      const rows = await ask<ErrandRow>(
        `SELECT o.* FROM varco.upstream_outbox AS o
           JOIN unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
             AS asked (plan, rule, resource, tie, parent, place) USING (plan, rule, resource, tie, parent)
         ORDER BY asked.place`,
        columns,
      )
      // Its plan may have come to its end meanwhile: then nothing is to go any more.
      if (rows.length !== errands.length) throw new UnavailableError('retention')
      return rows.map(toErrand)
    },
    note: (errand, gone) =>
      settle(
        errand,
        gone,
        `UPDATE varco.upstream_outbox SET begun = $6, attempts = $7, outcome = $8, not_before_us = $9, abandoned = $10 WHERE ${THIS}`,
        [errand.begun, errand.attempts, errand.outcome, errand.notBefore, errand.abandoned],
      ),
    close: (errand, gone) => settle(errand, gone, `DELETE FROM varco.upstream_outbox WHERE ${THIS}`, []),
    sweep: async (plan) => {
      await ask(
        `DELETE FROM varco.upstream_outbox AS o WHERE plan = $1 AND NOT abandoned AND NOT EXISTS (
           SELECT FROM varco.retention_pages AS p, unnest(p.todo) AS left_over (key)
           WHERE p.plan = o.plan AND p.rule = o.rule AND p.open AND left_over.key = o.parent)`,
        [plan],
      )
    },
    nextOf: async (plan) => {
      const [row] = await ask<{ next: string | null }>(
        'SELECT min(not_before_us) AS next FROM varco.upstream_outbox WHERE plan = $1 AND NOT abandoned AND attempts > 0',
        [plan],
      )
      return row === undefined || row.next === null ? null : BigInt(row.next)
    },
    abandoned: async (plan) =>
      (
        await ask<ErrandRow>(
          'SELECT * FROM varco.upstream_outbox WHERE plan = $1 AND abandoned ORDER BY rule, resource, tie, parent',
          [plan],
        )
      ).map(toId),
    standing: async () =>
      (
        await ask<{ plan: string; resource: string; waiting: string; since: string; next: string }>(
          `SELECT plan, resource, count(*) AS waiting, min(since_us) AS since, min(not_before_us) AS next
           FROM varco.upstream_outbox
           WHERE NOT abandoned GROUP BY plan, resource ORDER BY since, plan, resource`,
        )
      ).map(({ plan, resource, waiting, since, next }): ErrandStanding => ({
        ...{ plan, resource, waiting: Number(waiting), since: BigInt(since), next: BigInt(next) },
      })),
  }
}

const THIS = 'plan = $1 AND rule = $2 AND resource = $3 AND tie = $4 AND parent = $5'

function idOf({
  plan,
  rule,
  resource,
  by,
  parent,
}: Errand): readonly [string, string, string, string, string] {
  return [plan, rule, resource, by, parent]
}

interface ErrandRow {
  readonly plan: string
  readonly rule: string
  readonly resource: string
  readonly tie: string
  readonly parent: string
  readonly begun: string[]
  readonly since_us: string
  readonly attempts: number
  readonly outcome: string | null
  readonly not_before_us: string
  readonly abandoned: boolean
}

function toId({ plan, rule, resource, tie, parent }: ErrandRow): Errand {
  return { plan, rule, resource, by: tie, parent }
}

function toErrand(row: ErrandRow): OpenErrand {
  const { begun, attempts, outcome, abandoned } = row
  return {
    ...toId(row),
    ...{ begun, attempts, outcome, abandoned },
    since: BigInt(row.since_us),
    notBefore: BigInt(row.not_before_us),
  }
}

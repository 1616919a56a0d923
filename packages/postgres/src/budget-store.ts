import { UnavailableError, type Micros } from '@varco/core'
import type { Budget, BudgetStore } from '@varco/engagement'
import pg from 'pg'
import type { Database } from './database.ts'

/** One statement, so one transaction and one round trip: whoever would overspend breaks the check and counts nothing. */
const SPEND = `
  WITH asked AS (
    SELECT b.holder, b.from_us, b.most, d.data_subject
    FROM unnest($1::text[], $2::int8[], $3::int4[]) AS b (holder, from_us, most)
    CROSS JOIN unnest($4::uuid[]) AS d (data_subject)
  ), fresh AS (
    INSERT INTO varco.budget_data_subjects (holder, from_us, data_subject)
    SELECT holder, from_us, data_subject FROM asked ORDER BY holder, from_us, data_subject
    ON CONFLICT DO NOTHING
    RETURNING holder, from_us
  )
  INSERT INTO varco.budgets AS had (holder, from_us, most, seen)
  SELECT holder, from_us, min(b.most), count(*)
  FROM fresh JOIN unnest($1::text[], $2::int8[], $3::int4[]) AS b (holder, from_us, most) USING (holder, from_us)
  GROUP BY holder, from_us
  ORDER BY holder, from_us
  ON CONFLICT (holder, from_us) DO UPDATE SET seen = had.seen + excluded.seen, most = excluded.most`

/** By number, the budgets that would be overspent. */
const OVERSPENT = `
  SELECT b.n FROM unnest($1::text[], $2::int8[], $3::int4[]) WITH ORDINALITY AS b (holder, from_us, most, n)
  LEFT JOIN varco.budgets had USING (holder, from_us)
  WHERE coalesce(had.seen, 0) + (
    SELECT count(*) FROM unnest($4::uuid[]) AS d (data_subject) WHERE NOT EXISTS (
      SELECT FROM varco.budget_data_subjects s
      WHERE s.holder = b.holder AND s.from_us = b.from_us AND s.data_subject = d.data_subject)
  ) > b.most`

/**
 * What was shown in the sixty minutes up to the latest that any node knew, and what is taken now, in its last place. The
 * row's lock puts those who ask at once one after the other.
 */
const TAKE = `
  INSERT INTO varco.record_budgets AS had (holder, minute, shown, taken)
  SELECT $1::text, $2::int8, array_fill(0, ARRAY[59]) || first.taken, first.taken
  FROM (SELECT CASE WHEN $3::int8 >= $4::int8 THEN least($5::int8, $3::int8) ELSE 0 END::int4 AS taken) AS first
  ON CONFLICT (holder) DO UPDATE SET (minute, shown, taken) = (
    SELECT greatest(had.minute, $2::int8), turned.shown[1:59] || turned.shown[60] + free.taken, free.taken
    FROM (SELECT least(greatest($2::int8 - had.minute, 0), 60)::int4 AS minutes) AS passed,
    LATERAL (SELECT had.shown[passed.minutes + 1:60] || array_fill(0, ARRAY[passed.minutes]) AS shown) AS turned,
    LATERAL (SELECT sum(s)::int8 AS shown FROM unnest(turned.shown) AS s) AS total,
    LATERAL (
      SELECT CASE WHEN $3::int8 - total.shown >= $4::int8 THEN least($5::int8, $3::int8 - total.shown) ELSE 0 END::int4 AS taken
    ) AS free
  )
  RETURNING taken, greatest($3::int8 - (SELECT sum(s)::int8 FROM unnest(shown) AS s), 0) AS remaining`

const FORGET = `
  WITH gone AS (DELETE FROM varco.budgets WHERE from_us < $1),
    idle AS (DELETE FROM varco.record_budgets WHERE minute < $2)
  DELETE FROM varco.budget_data_subjects WHERE from_us < $1`

const MINUTE: Micros = 60_000_000n

interface TakenRow {
  readonly taken: number
  readonly remaining: string
}

const OVERSPENDS = '23514'
const DEADLOCK = '40P01'
/** The longest stretch is a day. */
const KEPT_FOR: Micros = 48n * 3_600_000_000n
const FORGET_EVERY: Micros = 3_600_000_000n

/** Budgets in PostgreSQL, shared by every node on it. */
export function openBudgetStore({ pool }: Pick<Database, 'pool'>): BudgetStore {
  let forgottenAt: Micros = 0n
  const forgetOld = async (now: Micros): Promise<void> => {
    if (now < forgottenAt + FORGET_EVERY) return
    forgottenAt = now
    // What stays does no harm, and the next hour tries again.
    await pool.query(FORGET, [now - KEPT_FOR, (now - KEPT_FOR) / MINUTE]).catch(() => {})
  }
  return {
    takeRecords: async ({ holder, most }, { needed, wanted, now }) => {
      const values = [holder, now / MINUTE, most, needed, wanted]
      try {
        const { rows } = await pool.query<TakenRow>({ name: 'budgets-take', text: TAKE, values })
        await forgetOld(now)
        return { taken: rows[0]?.taken ?? 0, left: Number(rows[0]?.remaining ?? 0) }
      } catch (cause) {
        throw new UnavailableError('budgets', { cause })
      }
    },
    spend: async (budgets, dataSubjects) => {
      const values = [
        budgets.map(({ holder }) => holder),
        budgets.map(({ from }) => String(from)),
        budgets.map(({ most }) => most),
        [...new Set(dataSubjects)].sort(),
      ]
      try {
        const outcome = await count(pool, values)
        await forgetOld(budgets.reduce((latest, { from }) => (from > latest ? from : latest), 0n))
        return outcome === 'counted' ? [] : await overspent(pool, budgets, values)
      } catch (cause) {
        throw new UnavailableError('budgets', { cause })
      }
    },
  }
}

const ATTEMPTS = 3

async function count(pool: pg.Pool, values: readonly unknown[]): Promise<'counted' | 'overspent'> {
  for (let attempt = 1; ; attempt++) {
    try {
      await pool.query({ name: 'budgets-spend', text: SPEND, values: [...values] })
      return 'counted'
    } catch (error) {
      const code = error instanceof pg.DatabaseError ? error.code : undefined
      if (code === OVERSPENDS) return 'overspent'
      if (code !== DEADLOCK || attempt === ATTEMPTS) throw error
    }
  }
}

async function overspent(
  pool: pg.Pool,
  budgets: readonly Budget[],
  values: readonly unknown[],
): Promise<readonly Budget[]> {
  const { rows } = await pool.query<{ readonly n: string }>(OVERSPENT, [...values])
  const over = new Set(rows.map(({ n }) => Number(n) - 1))
  // A budget may have been freed by a new stretch's figures in between; that it refused a moment ago still holds.
  return over.size === 0 ? budgets : budgets.filter((_, index) => over.has(index))
}

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

const FORGET = `
  WITH gone AS (DELETE FROM varco.budgets WHERE from_us < $1)
  DELETE FROM varco.budget_data_subjects WHERE from_us < $1`

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
    await pool.query(FORGET, [now - KEPT_FOR]).catch(() => {})
  }
  return {
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

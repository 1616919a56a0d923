import { asId } from '@varco/core'
import type { Restriction, RestrictionScope, RestrictionStore } from '@varco/retention'
import type pg from 'pg'
import { available } from './available.ts'
import type { Database } from './database.ts'

/** Restrictions on PostgreSQL. */
export function openRestrictionStore({ pool }: Pick<Database, 'pool'>): RestrictionStore {
  const ask = async (text: string, values: unknown[] = []): Promise<pg.QueryResult<RestrictionRow>> =>
    available('retention', () => pool.query<RestrictionRow>(text, values))
  return {
    addRestriction: async ({ id, scope, reason, request, placedBy, placedAt }) => {
      await ask(
        'INSERT INTO varco.restrictions (id, scope, reason, request, placed_by, placed_us) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING',
        [id, JSON.stringify(scope), reason, request, placedBy, placedAt],
      )
    },
    noteRecorded: async (id) => {
      await ask('UPDATE varco.restrictions SET recorded = true WHERE id = $1', [id])
    },
    unrecorded: async () =>
      (await ask('SELECT * FROM varco.restrictions WHERE NOT recorded ORDER BY placed_us, id')).rows.map(
        toRestriction,
      ),
    restriction: async (id) => {
      const [row] = (await ask('SELECT * FROM varco.restrictions WHERE id = $1', [id])).rows
      return row === undefined ? null : toRestriction(row)
    },
    liftRestriction: async ({ id, liftedBy, liftedAt }) => {
      const { rowCount } = await ask(
        'UPDATE varco.restrictions SET lifted_by = $2, lifted_us = $3 WHERE id = $1 AND lifted_us IS NULL',
        [id, liftedBy, liftedAt],
      )
      return rowCount === 1
    },
    restrictions: async () =>
      (await ask('SELECT * FROM varco.restrictions WHERE lifted_us IS NULL ORDER BY placed_us, id')).rows.map(
        toRestriction,
      ),
  }
}

interface RestrictionRow {
  readonly id: string
  readonly scope: string
  readonly reason: string
  readonly request: string | null
  readonly placed_by: string
  readonly placed_us: string
  readonly lifted_by: string | null
  readonly lifted_us: string | null
}

function toRestriction(row: RestrictionRow): Restriction {
  return {
    id: row.id,
    scope: JSON.parse(row.scope) as RestrictionScope,
    reason: row.reason,
    request: row.request,
    placedBy: asId(row.placed_by),
    placedAt: BigInt(row.placed_us),
    liftedBy: row.lifted_by === null ? null : asId(row.lifted_by),
    liftedAt: row.lifted_us === null ? null : BigInt(row.lifted_us),
  }
}

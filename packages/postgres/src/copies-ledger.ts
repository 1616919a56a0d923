import { asId } from '@varco/core'
import type { CopiesLedger, Copy } from '@varco/engagement'
import { and, desc, eq, isNull } from 'drizzle-orm'
import { available } from './available.ts'
import type { Database } from './database.ts'
import { copies } from './schema/engagement-life.ts'

/** The ledger of copies on PostgreSQL. */
export function openCopiesLedger({ orm }: Database): CopiesLedger {
  const fromStore = <T>(work: () => Promise<T>): Promise<T> => available('copies ledger', work)
  return {
    addCopy: ({ settled: _unsettled, madeAt, expiresAt, ...copy }) =>
      fromStore(async () => {
        await orm.insert(copies).values({ ...copy, madeUs: madeAt, expiresUs: expiresAt })
      }),
    copy: (id) =>
      fromStore(async () => {
        const [row] = await orm.select().from(copies).where(eq(copies.id, id))
        return row === undefined ? null : toCopy(row)
      }),
    settleCopy: (id, { how, by, at, reason }) =>
      fromStore(async () => {
        const { rowCount } = await orm
          .update(copies)
          .set({ settledHow: how, settledBy: by, settledUs: at, settledReason: reason })
          .where(and(eq(copies.id, id), isNull(copies.settledHow)))
        return rowCount === 1
      }),
    copies: ({ contract, unsettled, limit }) =>
      fromStore(async () => {
        const rows = await orm
          .select()
          .from(copies)
          .where(
            and(
              contract === undefined ? undefined : eq(copies.contract, contract),
              unsettled === true ? isNull(copies.settledHow) : undefined,
            ),
          )
          .orderBy(desc(copies.madeUs), desc(copies.id))
          .limit(limit)
        return rows.map(toCopy)
      }),
  }
}

function toCopy(row: typeof copies.$inferSelect): Copy {
  const { id, kind, purpose, records, settledHow: how, settledBy: by, settledUs: at } = row
  return {
    ...{ id, kind, purpose, records, madeAt: row.madeUs, expiresAt: row.expiresUs },
    contract: row.contract === null ? null : asId(row.contract),
    processor: row.processor === null ? null : asId(row.processor),
    owner: asId(row.owner),
    event: asId(row.event),
    settled:
      how === null || by === null || at === null
        ? null
        : { how, by: asId(by), at, reason: row.settledReason ?? '' },
  }
}

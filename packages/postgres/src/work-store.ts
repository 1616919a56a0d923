import { asId } from '@varco/core'
import {
  workTokenId,
  type DeclaredMonth,
  type DecideClosing,
  type WorkKeyOwner,
  type WorkMonth,
  type WorkStore,
} from '@varco/engagement'
import { and, between, eq, isNull, lte, sql, type SQL } from 'drizzle-orm'
import { available } from './available.ts'
import type { Database } from './database.ts'
import { workMonths, type KeptDeclaration } from './schema/declared-work.ts'

type Row = typeof workMonths.$inferSelect

/** Declared work on PostgreSQL. A month's row is written anew for each taking and handing in. */
export function openWorkStore({ orm }: Pick<Database, 'orm'>): WorkStore {
  const fromStore = <T>(work: () => Promise<T>): Promise<T> => available('engagement', work)
  const of = ({ contract, month }: WorkKeyOwner): SQL | undefined =>
    and(eq(workMonths.contract, contract), eq(workMonths.month, month))
  const find = async (owner: WorkKeyOwner): Promise<Row | undefined> => {
    const [row] = await orm.select().from(workMonths).where(of(owner))
    return row
  }
  const declared = async (where: SQL | undefined): Promise<readonly DeclaredMonth[]> => {
    const rows = await orm
      .select()
      .from(workMonths)
      .where(where)
      .orderBy(workMonths.month, workMonths.contract)
    return rows.map(declaredIn)
  }
  /** Under the row's lock: of two who close, one waits and then finds the month closed; and so does whoever hands in. */
  const closing = (where: SQL | undefined, decide: DecideClosing): Promise<boolean> =>
    fromStore(() =>
      orm.transaction(async (tx) => {
        const [row] = await tx.select().from(workMonths).where(where).for('update')
        const event = row === undefined ? null : await decide(declaredIn(row))
        if (row === undefined || event === null) return false
        await tx
          .update(workMonths)
          .set({ closed: event })
          .where(and(eq(workMonths.contract, row.contract), eq(workMonths.month, row.month)))
        return true
      }),
    )
  return {
    month: (owner) =>
      fromStore(async () => {
        const row = await find(owner)
        return row === undefined ? null : monthOf(row)
      }),
    putMonth: ({ contract, month, publicKey, sealedKey }) =>
      fromStore(async () => {
        const added = { contract, month, publicKey, sealedKey }
        await orm.insert(workMonths).values(added).onConflictDoNothing()
        const row = await find(added)
        return row === undefined ? { ...added, announced: null, closed: null } : monthOf(row)
      }),
    announce: (owner, event) =>
      fromStore(async () => {
        await orm
          .update(workMonths)
          .set({ announced: event })
          .where(and(of(owner), isNull(workMonths.announced)))
      }),
    take: (owner, taker, blinded) =>
      fromStore(async () => {
        const { rowCount } = await orm
          .update(workMonths)
          .set({ taken: sql`${workMonths.taken} || jsonb_build_object(${taker}::text, ${blinded}::text)` })
          .where(and(of(owner), sql`coalesce(${workMonths.taken} ->> ${taker}, ${blinded}) = ${blinded}`))
        return rowCount === 1
      }),
    handIn: (owner, { message, signature, hours }) =>
      fromStore(async () => {
        const token = workTokenId({ message })
        const kept: KeptDeclaration = {
          message: message.toString('base64url'),
          signature: signature.toString('base64url'),
          hours,
        }
        const { rowCount } = await orm
          .update(workMonths)
          .set({
            handedIn: sql`${workMonths.handedIn} || jsonb_build_object(${token}::text, ${JSON.stringify(kept)}::jsonb)`,
          })
          .where(and(of(owner), isNull(workMonths.closed), sql`${workMonths.handedIn} -> ${token} IS NULL`))
        return rowCount === 1
      }),
    declared: (contract, from, to) =>
      fromStore(() => declared(and(eq(workMonths.contract, contract), between(workMonths.month, from, to)))),
    notClosed: (upTo) =>
      fromStore(() => declared(and(isNull(workMonths.closed), lte(workMonths.month, upTo)))),
    close: (owner, decide) => closing(and(of(owner), isNull(workMonths.closed)), decide),
    closeAnew: (owner, decide) => closing(of(owner), decide),
  }
}

function declaredIn(row: Row): DeclaredMonth {
  return {
    ...monthOf(row),
    declarations: Object.entries(row.handedIn)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { message, signature, hours }]) => ({
        message: Buffer.from(message, 'base64url'),
        signature: Buffer.from(signature, 'base64url'),
        hours,
      })),
  }
}

function monthOf({ contract, month, publicKey, sealedKey, announced, closed }: Row): WorkMonth {
  return {
    ...{ contract: asId<WorkMonth['contract']>(contract), month, publicKey, sealedKey },
    announced: announced === null ? null : asId(announced),
    closed: closed === null ? null : asId(closed),
  }
}

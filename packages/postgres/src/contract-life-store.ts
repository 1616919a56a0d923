import { asId, type ContractId } from '@varco/core'
import {
  isOver,
  type ContractLifeStore,
  type ExitCase,
  type MoveProposal,
  type Stop,
  type StopEffects,
  type TakenMove,
} from '@varco/engagement'
import { and, asc, count, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { available } from './available.ts'
import type { Database } from './database.ts'
import { engagementNotice } from './engagement-channel.ts'
import { toAssignment } from './people-directory.ts'
import { contractMoves, contractProposals, exitCases } from './schema/engagement-life.ts'
import { assignments, contractStates } from './schema/engagement.ts'

type Transaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0]

/** Contracts' lives on PostgreSQL. */
export function openContractLifeStore({ orm }: Database): ContractLifeStore {
  const fromStore = <T>(work: () => Promise<T>): Promise<T> => available('contracts', work)
  return {
    contractState: (id) =>
      fromStore(async () => {
        const [row] = await orm.select().from(contractStates).where(eq(contractStates.contract, id))
        return row === undefined
          ? null
          : {
              contract: asId(row.contract),
              processor: asId(row.processor),
              state: row.state,
              since: row.sinceUs,
            }
      }),
    proposal: (id) =>
      fromStore(async () => {
        const [row] = await orm.select().from(contractProposals).where(eq(contractProposals.contract, id))
        return row === undefined ? null : toProposal(row)
      }),
    propose: ({ at, ...proposal }) =>
      fromStore(async () => {
        const row = { ...proposal, atUs: at }
        await orm
          .insert(contractProposals)
          .values(row)
          .onConflictDoUpdate({ target: contractProposals.contract, set: row })
      }),
    takeMove: (move, state, stop) =>
      fromStore(() =>
        orm.transaction(async (tx) => {
          const { rowCount } = await tx
            .update(contractStates)
            .set({
              ...{ state: state.state, processor: state.processor },
              // As the row has it at this moment: it may have been corrected since it was read.
              ...(isOver({ state: move.from }) ? {} : { sinceUs: state.since }),
            })
            .where(and(eq(contractStates.contract, move.contract), eq(contractStates.state, move.from)))
          if (rowCount !== 1) return null
          await record(tx, move)
          await tx.delete(contractProposals).where(eq(contractProposals.contract, move.contract))
          await tell(tx, 'contracts')
          return stop === null ? NOTHING_STOPPED : applyStop(tx, move, stop)
        }),
      ),
    movesOf: (id) =>
      fromStore(async () => {
        const rows = await orm
          .select()
          .from(contractMoves)
          .where(eq(contractMoves.contract, id))
          .orderBy(asc(contractMoves.number))
        return rows.map(toMove)
      }),
    exitCase: (id) =>
      fromStore(async () => {
        const [row] = await orm.select().from(exitCases).where(eq(exitCases.contract, id))
        return row === undefined ? null : readExit(row.document)
      }),
    replaceExitCase: (exit) =>
      fromStore(async () => {
        const { rowCount } = await orm
          .update(exitCases)
          .set(exitRow(exit))
          .where(and(eq(exitCases.contract, exit.contract), eq(exitCases.revision, exit.revision - 1)))
        return rowCount === 1
      }),
    assignmentsOf: (pseudonym, now) =>
      fromStore(async () => {
        const rows = await orm
          .select()
          .from(assignments)
          .where(
            and(
              eq(assignments.pseudonym, pseudonym),
              lte(assignments.fromUs, now),
              or(isNull(assignments.toUs), gt(assignments.toUs, now)),
            ),
          )
        return rows.map(toAssignment)
      }),
  }
}

const NOTHING_STOPPED: StopEffects = { ticketsMoved: 0, grantsRevoked: 0 }

async function record(tx: Transaction, move: TakenMove): Promise<void> {
  const [taken] = await tx
    .select({ moves: count() })
    .from(contractMoves)
    .where(eq(contractMoves.contract, move.contract))
  await tx.insert(contractMoves).values({
    contract: move.contract,
    // The contract's state row is locked by its update: nobody else numbers a step now.
    number: (taken?.moves ?? 0) + 1,
    move: move.move,
    fromState: move.from,
    toState: move.to,
    takenBy: move.by,
    second: move.second,
    atUs: move.at,
    reason: move.reason,
  })
}

/** Grants end, open tickets go on with the successor, the exit case opens. */
async function applyStop(tx: Transaction, { contract, by, at }: TakenMove, stop: Stop): Promise<StopEffects> {
  const revoked = await tx.execute(sql`
    UPDATE varco.grants SET state = 'revoked', revoked_by = ${by}, revoked_us = ${at}, revision = revision + 1
    WHERE contract = ${contract} AND state IN ('asked', 'approved')`)
  const moved = await tx.execute(sql`
    WITH moved AS (
      UPDATE varco.tickets SET contract = ${stop.successor} WHERE contract = ${contract} AND status = 'open'
      RETURNING id, data_subject, purpose
    )
    INSERT INTO varco.ticket_changes
      (ticket, digest, contract, at_us, received_us, status, data_subject, purpose, sent_by, source)
    SELECT id, ${`transfer-${String(at)}`}, ${stop.successor}, ${at}, ${at}, 'open', data_subject, purpose, ${by}, 'transfer'
    FROM moved`)
  const effects = { ticketsMoved: moved.rowCount ?? 0, grantsRevoked: revoked.rowCount ?? 0 }
  const exit = stop.exitCase(effects)
  await tx
    .insert(exitCases)
    .values({ contract, ...exitRow(exit) })
    .onConflictDoNothing()
  await tell(tx, 'tickets')
  await tell(tx, 'grants')
  return effects
}

async function tell(tx: Transaction, kind: 'contracts' | 'tickets' | 'grants'): Promise<void> {
  const [channel, payload] = engagementNotice({ kind })
  await tx.execute(sql`SELECT pg_notify(${channel}, ${payload})`)
}

/** Times are 64 bits: text in the document. */
function exitRow(exit: ExitCase) {
  const document = JSON.stringify(exit, (_, value: unknown) =>
    typeof value === 'bigint' ? { us: String(value) } : value,
  )
  return {
    openedUs: exit.openedAt,
    dueUs: exit.dueAt,
    closedUs: exit.closedAt,
    revision: exit.revision,
    document: sql`${document}::json`,
  }
}

function readExit(document: unknown): ExitCase {
  return JSON.parse(JSON.stringify(document), (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'us' in value ? BigInt(String(value.us)) : value,
  ) as ExitCase
}

function toProposal(row: typeof contractProposals.$inferSelect): MoveProposal {
  const { move, reason, successor } = row
  return {
    ...{ move, reason, at: row.atUs, successor: successor === null ? null : asId<ContractId>(successor) },
    contract: asId(row.contract),
    operator: asId(row.operator),
    pseudonym: asId(row.pseudonym),
  }
}

function toMove(row: typeof contractMoves.$inferSelect): TakenMove {
  return {
    contract: asId(row.contract),
    move: row.move,
    from: row.fromState,
    to: row.toState,
    by: asId(row.takenBy),
    second: row.second === null ? null : asId(row.second),
    at: row.atUs,
    reason: row.reason,
  }
}

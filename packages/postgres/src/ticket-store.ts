import { asId, type TicketId } from '@varco/core'
import {
  changeDigest,
  foldTicket,
  impliedChanges,
  inOrder,
  type Ticket,
  type TicketChange,
  type TicketHistories,
  type TicketStore,
} from '@varco/engagement'
import { inArray, sql } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { available } from './available.ts'
import type { Database } from './database.ts'
import { engagementNotice } from './engagement-channel.ts'
import { ticketChanges } from './schema/engagement-life.ts'
import { tickets } from './schema/engagement.ts'

/** Any fixed number: those who change tickets wait for one another on it, for a new ticket has no row to lock. */
const TICKET_LOCK = 7_221_009
/** PostgreSQL takes 65,535 parameters in a statement; a change has twelve. */
const BATCH = 2_000

type Reader = Pick<NodePgDatabase, 'select'>

/** Tickets and what happened to them, on PostgreSQL. */
export function openTicketStore({ orm }: Database): TicketStore {
  const fromStore = <T>(work: () => Promise<T>): Promise<T> => available('tickets', work)
  return {
    ticketHistory: (id) => fromStore(async () => inOrder((await historiesOf(orm, [id])).get(id) ?? [])),
    changeTickets: (ids, judge) =>
      fromStore(() =>
        orm.transaction(async (tx) => {
          await tx.execute(sql`SELECT pg_advisory_xact_lock(${TICKET_LOCK})`)
          const known = await historiesOf(tx, ids)
          const added = judge(known)
          if (added.length === 0) return
          const changed = new Set(added.map(({ ticket }) => ticket))
          const before = [...changed].flatMap((id) => known.get(id) ?? [])
          const every = [...before, ...added]
          for (const batch of inBatches(every))
            await tx.insert(ticketChanges).values(batch.map(toRow)).onConflictDoNothing()
          const byTicket = Map.groupBy(every, ({ ticket }) => ticket)
          const folded = [...byTicket.values()].flatMap((changes) => foldTicket(changes) ?? [])
          for (const batch of inBatches(folded)) {
            await tx
              .insert(tickets)
              .values(batch.map(toTicketRow))
              .onConflictDoUpdate({
                target: tickets.id,
                set: {
                  dataSubject: sql`excluded.data_subject`,
                  status: sql`excluded.status`,
                  openedUs: sql`excluded.opened_us`,
                  closedUs: sql`excluded.closed_us`,
                },
              })
          }
          const [only, ...others] = changed
          const change =
            only !== undefined && others.length === 0
              ? ({ kind: 'ticket', id: only } as const)
              : ({ kind: 'tickets' } as const)
          const [channel, payload] = engagementNotice(change)
          await tx.execute(sql`SELECT pg_notify(${channel}, ${payload})`)
        }),
      ),
  }
}

async function historiesOf(reader: Reader, ids: readonly TicketId[]): Promise<TicketHistories> {
  const histories = new Map<TicketId, TicketChange[]>()
  for (const batch of inBatches(ids)) {
    const rows = await reader.select().from(ticketChanges).where(inArray(ticketChanges.ticket, batch))
    for (const row of rows) {
      const change = toChange(row)
      histories.set(change.ticket, [...(histories.get(change.ticket) ?? []), change])
    }
    const standing = await reader.select().from(tickets).where(inArray(tickets.id, batch))
    for (const row of standing) {
      const ticket = toTicket(row)
      const history = histories.get(ticket.id) ?? []
      // Put as it stands, without messages: what must have happened to it is its history.
      if (history.every(({ source }) => source === 'transfer'))
        histories.set(ticket.id, [...impliedChanges(ticket), ...history])
    }
  }
  return histories
}

function inBatches<T>(items: readonly T[]): T[][] {
  const batches: T[][] = []
  for (let start = 0; start < items.length; start += BATCH) batches.push(items.slice(start, start + BATCH))
  return batches
}

function toRow(change: TicketChange): typeof ticketChanges.$inferInsert {
  const { ticket, contract, status, dataSubject, purpose, category, price, by, source } = change
  return {
    ...{ ticket, contract, status, dataSubject, purpose, category, price, source },
    digest: changeDigest(change),
    atUs: change.at,
    receivedUs: change.receivedAt,
    sentBy: by,
  }
}

function toChange(row: typeof ticketChanges.$inferSelect): TicketChange {
  const { status, dataSubject, category, price, source } = row
  return {
    ...{ status, dataSubject, category, price, source },
    ticket: asId(row.ticket),
    contract: row.contract === null ? null : asId(row.contract),
    at: row.atUs,
    receivedAt: row.receivedUs,
    purpose: asId(row.purpose),
    by: row.sentBy === null ? null : asId(row.sentBy),
  }
}

function toTicketRow({ openedAt, closedAt, ...ticket }: Ticket): typeof tickets.$inferInsert {
  return { ...ticket, openedUs: openedAt, closedUs: closedAt }
}

function toTicket(row: typeof tickets.$inferSelect): Ticket {
  const { status, dataSubject, openedUs: openedAt, closedUs: closedAt } = row
  return {
    ...{ status, dataSubject, openedAt, closedAt },
    id: asId(row.id),
    contract: row.contract === null ? null : asId(row.contract),
    purpose: asId(row.purpose),
  }
}

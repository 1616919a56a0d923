import { InvariantError, UnavailableError, VarcoError } from '@varco/core'
import type { DataSubjectRequest, RequestOutcome, RequestStore } from '@varco/reports'
import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { requestNumbers, requests } from './schema/requests.ts'

type Row = typeof requests.$inferSelect

/** Requests of data subjects. Every method throws `UnavailableError` while the database cannot be reached. */
export function openRequestStore({ orm }: Database): RequestStore {
  return {
    nextNumber: (year) =>
      available(async () => {
        const [row] = await orm
          .insert(requestNumbers)
          .values({ year, last: 1 })
          .onConflictDoUpdate({ target: requestNumbers.year, set: { last: sql`${requestNumbers.last} + 1` } })
          .returning({ last: requestNumbers.last })
        if (row === undefined) throw new InvariantError('a number was not given')
        return row.last
      }),
    add: (request) =>
      available(async () => {
        await orm.insert(requests).values(rowOf(request))
      }),
    find: (id) =>
      available(async () => {
        const [row] = await orm.select().from(requests).where(eq(requests.id, id))
        return row === undefined ? null : requestOf(row)
      }),
    replace: (request) =>
      available(async () => {
        const { id, version, ...row } = rowOf(request)
        const { rowCount } = await orm
          .update(requests)
          .set({ ...row, version })
          .where(and(eq(requests.id, id), eq(requests.version, version - 1)))
        return rowCount === 1
      }),
    open: () =>
      available(async () => {
        const undecided = orm.select().from(requests).where(isNull(requests.outcome))
        return (await undecided.orderBy(asc(requests.receivedUs), asc(requests.id))).map(requestOf)
      }),
    list: ({ limit, after }) =>
      available(async () => {
        const older =
          after === undefined
            ? undefined
            : sql`(${requests.receivedUs}, ${requests.id}) < (SELECT received_us, id FROM varco.requests WHERE id = ${after})`
        const page = orm.select().from(requests).where(older)
        const rows = await page.orderBy(desc(requests.receivedUs), desc(requests.id)).limit(limit)
        return rows.map(requestOf)
      }),
  }
}

function rowOf({ identity, extension, outcome, receivedAt, ...rest }: DataSubjectRequest): Row {
  return {
    ...rest,
    receivedUs: receivedAt,
    identityState: identity.state,
    identityAskedUs: identity.askedAt,
    identitySettledUs: identity.settledAt,
    extendedUs: extension?.at ?? null,
    extendedBy: extension?.by ?? null,
    extensionReason: extension?.reason ?? null,
    outcome: outcome?.kind ?? null,
    outcomeUs: outcome?.at ?? null,
    outcomeBy: outcome?.by ?? null,
    answer: outcome?.kind === 'answered' ? outcome.answer : null,
    ground: outcome?.kind === 'refused' ? outcome.ground : null,
    refusalReason: outcome?.kind === 'refused' ? outcome.reason : null,
  }
}

/** The columns' words were written by `rowOf` alone, so they are taken as what they were. */
function requestOf(row: Row): DataSubjectRequest {
  const { extendedUs, extendedBy, extensionReason } = row
  return {
    id: row.id,
    right: row.right as DataSubjectRequest['right'],
    receivedAt: row.receivedUs,
    channel: row.channel as DataSubjectRequest['channel'],
    identifier: row.identifier,
    replyTo: row.replyTo,
    identity: {
      state: row.identityState as DataSubjectRequest['identity']['state'],
      askedAt: row.identityAskedUs,
      settledAt: row.identitySettledUs,
    },
    extension:
      extendedUs === null || extendedBy === null || extensionReason === null
        ? null
        : { at: extendedUs, by: extendedBy, reason: extensionReason },
    outcome: outcomeOf(row),
    reminded: row.reminded,
    version: row.version,
  }
}

function outcomeOf({ outcome: kind, outcomeUs: at, outcomeBy: by, ...row }: Row): RequestOutcome | null {
  if (kind === null || at === null || by === null) return null
  if (kind === 'withdrawn') return { kind, at, by }
  if (kind === 'answered' && row.answer !== null) return { kind, at, by, answer: row.answer }
  if (kind === 'refused' && row.ground !== null && row.refusalReason !== null) {
    const ground = row.ground as Extract<RequestOutcome, { kind: 'refused' }>['ground']
    return { kind, at, by, ground, reason: row.refusalReason }
  }
  throw new InvariantError('a request has an outcome that is none')
}

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof VarcoError) throw cause
    throw new UnavailableError('requests', { cause })
  }
}

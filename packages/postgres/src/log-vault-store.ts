import type { OpeningRequest, VaultStore } from '@varco/access-log'
import { asId, type Pseudonym } from '@varco/core'
import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Database } from './database.ts'
import { identities, identityRequests } from './schema/access-log.ts'

/** The identity vault's store on PostgreSQL. */
export function openVaultStore({ orm }: Database): VaultStore {
  return {
    keep: async ({ pseudonym, sealed }) => {
      await orm
        .insert(identities)
        .values({ pseudonym, sealed: Buffer.from(sealed) })
        .onConflictDoNothing()
    },
    find: async (pseudonym) => {
      const [row] = await orm.select().from(identities).where(eq(identities.pseudonym, pseudonym))
      return row === undefined ? null : { pseudonym, sealed: row.sealed }
    },
    addRequest: async ({ requestedAt, decidedAt, ...request }) => {
      await orm
        .insert(identityRequests)
        .values({ ...request, requestedUs: requestedAt, decidedUs: decidedAt })
    },
    request: async (id) => {
      const [row] = await orm.select().from(identityRequests).where(eq(identityRequests.id, id))
      return row === undefined ? null : requestOf(row)
    },
    pending: async () => {
      const undecided = orm.select().from(identityRequests).where(isNull(identityRequests.outcome))
      return (await undecided.orderBy(asc(identityRequests.requestedUs))).map(requestOf)
    },
    decide: async (id, { outcome, decidedBy, decidedAt }) => {
      const { rowCount } = await orm
        .update(identityRequests)
        .set({ outcome, decidedBy, decidedUs: decidedAt })
        .where(and(eq(identityRequests.id, id), isNull(identityRequests.outcome)))
      return rowCount === 1
    },
  }
}

function requestOf({
  requestedUs,
  decidedUs,
  pseudonym,
  ...rest
}: typeof identityRequests.$inferSelect): OpeningRequest {
  return { ...rest, pseudonym: asId<Pseudonym>(pseudonym), requestedAt: requestedUs, decidedAt: decidedUs }
}

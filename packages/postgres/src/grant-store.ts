import { asId } from '@varco/core'
import { EngagementConflictError, type Grant, type GrantStore } from '@varco/engagement'
import { and, desc, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm'
import { available } from './available.ts'
import type { Database } from './database.ts'
import { engagementNotice } from './engagement-channel.ts'
import { grants } from './schema/engagement.ts'

/** Grants on PostgreSQL. */
export function openGrantStore({ orm }: Database): GrantStore {
  const fromStore = <T>(work: () => Promise<T>): Promise<T> => available('grants', work)
  return {
    grant: (id) =>
      fromStore(async () => {
        const [row] = await orm.select().from(grants).where(eq(grants.id, id))
        return row === undefined ? null : toGrant(row)
      }),
    addGrant: (grant) =>
      fromStore(() =>
        orm.transaction(async (tx) => {
          const added = await tx.insert(grants).values(toRow(grant)).onConflictDoNothing()
          if (added.rowCount !== 1) throw new EngagementConflictError('identity-taken')
          await tx.execute(notify(grant))
        }),
      ),
    replaceGrant: (grant) =>
      fromStore(() =>
        orm.transaction(async (tx) => {
          const { rowCount } = await tx
            .update(grants)
            .set(toRow(grant))
            .where(and(eq(grants.id, grant.id), eq(grants.revision, grant.revision - 1)))
          if (rowCount === 1) await tx.execute(notify(grant))
          return rowCount === 1
        }),
      ),
    grants: ({ state, owner, operator, contract, unreviewedAt, after, limit }) =>
      fromStore(async () => {
        const rows = await orm
          .select()
          .from(grants)
          .where(
            and(
              state === undefined ? undefined : eq(grants.state, state),
              owner === undefined ? undefined : eq(grants.owner, owner),
              operator === undefined ? undefined : eq(grants.operator, operator),
              contract === undefined ? undefined : eq(grants.contract, contract),
              unreviewedAt === undefined
                ? undefined
                : and(
                    isNotNull(grants.reviewDueUs),
                    isNull(grants.reviewedUs),
                    lte(grants.reviewDueUs, unreviewedAt),
                  ),
              after === undefined
                ? undefined
                : sql`(${grants.askedUs}, ${grants.id}) < (SELECT asked_us, id FROM varco.grants WHERE id = ${after})`,
            ),
          )
          .orderBy(desc(grants.askedUs), desc(grants.id))
          .limit(limit)
        return rows.map(toGrant)
      }),
  }
}

function notify({ id }: Grant) {
  const [channel, payload] = engagementNotice({ kind: 'grant', id })
  return sql`SELECT pg_notify(${channel}, ${payload})`
}

function toRow({ matter, emergency, ...grant }: Grant): typeof grants.$inferInsert {
  const review = emergency?.review ?? null
  return {
    ...grant,
    ...matter,
    askedUs: grant.askedAt,
    decidedUs: grant.decidedAt,
    expiresUs: grant.expiresAt,
    revokedUs: grant.revokedAt,
    reviewDueUs: emergency?.reviewDue ?? null,
    reviewedBy: review?.by ?? null,
    reviewedUs: review?.at ?? null,
    reviewOutcome: review?.outcome ?? null,
    reviewNote: review?.note ?? null,
  }
}

function toGrant(row: typeof grants.$inferSelect): Grant {
  const { id, role, unit, reason, owner, norm, minutes, state, revision } = row
  return {
    ...{ role, unit, reason, owner, norm, minutes, state, revision },
    id: asId(id),
    operator: asId(row.operator),
    pseudonym: asId(row.pseudonym),
    processor: row.processor === null ? null : asId(row.processor),
    contract: row.contract === null ? null : asId(row.contract),
    matter: {
      resource: asId(row.resource),
      record: row.record,
      dataSubject: row.dataSubject,
      action: row.action,
      purpose: asId(row.purpose),
      ticket: asId(row.ticket),
    },
    askedAt: row.askedUs,
    decidedBy: row.decidedBy === null ? null : asId(row.decidedBy),
    decidedAt: row.decidedUs,
    expiresAt: row.expiresUs,
    revokedBy: row.revokedBy === null ? null : asId(row.revokedBy),
    revokedAt: row.revokedUs,
    emergency: row.reviewDueUs === null ? null : { reviewDue: row.reviewDueUs, review: toReview(row) },
  }
}

type Review = NonNullable<NonNullable<Grant['emergency']>['review']>

function toReview({
  reviewedBy,
  reviewedUs,
  reviewOutcome,
  reviewNote,
}: typeof grants.$inferSelect): Review | null {
  if (reviewedBy === null || reviewedUs === null || reviewOutcome === null) return null
  return { by: asId(reviewedBy), at: reviewedUs, outcome: reviewOutcome, note: reviewNote ?? '' }
}

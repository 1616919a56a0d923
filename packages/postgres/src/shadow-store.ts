import { createHash } from 'node:crypto'
import { canonicalJson, UnavailableError, VarcoError, type Clock, type PolicyVersion } from '@varco/core'
import {
  UnknownCandidateError,
  type ShadowDifference,
  type ShadowRun,
  type ShadowStore,
  type ShadowTally,
} from '@varco/policy'
import { and, desc, eq, isNotNull, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { listen } from './listen.ts'
import { policies } from './schema/policy.ts'
import { policyShadowDifferences, policyShadowRuns, policyShadowTallies } from './schema/policy-shadow.ts'

const CHANNEL = 'varco_shadow'
/** Any fixed number: starts wait for one another on it. */
const START_LOCK = 7_221_004
const MOST_LISTED = 1_000

export interface PostgresShadowStoreOptions {
  readonly database: Database
  readonly clock: Clock
}

/** Every method throws `UnavailableError` while the database cannot be reached. */
export function postgresShadowStore({ database, clock }: PostgresShadowStoreOptions): ShadowStore {
  const { orm } = database
  return {
    lastRun: () =>
      available(async () => {
        const [row] = await orm
          .select()
          .from(policyShadowRuns)
          .orderBy(desc(policyShadowRuns.number))
          .limit(1)
        return row === undefined ? null : toRun(row)
      }),
    lastWithCandidate: () =>
      available(async () => {
        const [row] = await orm
          .select()
          .from(policyShadowRuns)
          .where(isNotNull(policyShadowRuns.candidate))
          .orderBy(desc(policyShadowRuns.number))
          .limit(1)
        return row === undefined ? null : toRun(row)
      }),
    start: (candidate, by) =>
      available(() =>
        orm.transaction(async (tx) => {
          await tx.execute(sql`SELECT pg_advisory_xact_lock(${START_LOCK})`)
          if (candidate !== null) {
            const known = await tx
              .select({ version: policies.version })
              .from(policies)
              .where(eq(policies.version, candidate))
            if (known.length === 0) throw new UnknownCandidateError()
          }
          const [last] = await tx
            .select({ number: policyShadowRuns.number })
            .from(policyShadowRuns)
            .orderBy(desc(policyShadowRuns.number))
            .limit(1)
          const row = { number: (last?.number ?? 0) + 1, candidate, setBy: by, setAt: clock.now() }
          await tx.insert(policyShadowRuns).values(row)
          // Delivered at commit, never before.
          await tx.execute(sql`SELECT pg_notify(${CHANNEL}, ${String(row.number)})`)
          return row
        }),
      ),
    add: (run, { active, asked, differences, differing, failed, left, recordsNotCompared }) =>
      available(() =>
        orm.transaction(async (tx) => {
          const table = policyShadowTallies
          // The row of the tally first: whoever holds it is alone with its kinds.
          await tx
            .insert(table)
            .values({ run, active, asked, differing, failed, left, recordsNotCompared })
            .onConflictDoUpdate({
              target: [table.run, table.active],
              set: {
                asked: sql`${table.asked} + excluded.asked`,
                differing: sql`${table.differing} + excluded.differing`,
                recordsNotCompared: sql`${table.recordsNotCompared} + excluded.records_not_compared`,
                left: sql`${table.left} + excluded.left_out`,
                failed: sql`${table.failed} + excluded.failed`,
              },
            })
          if (differences.length === 0) return
          const { run: runColumn, active: activeColumn, kind, count } = policyShadowDifferences
          await tx
            .insert(policyShadowDifferences)
            .values(differences.map((each) => ({ run, active, ...toKind(each) })))
            .onConflictDoUpdate({
              target: [runColumn, activeColumn, kind],
              set: { count: sql`${count} + excluded.count` },
            })
        }),
      ),
    tallies: (run) =>
      available(() =>
        orm.transaction(
          async (tx) => {
            const rows = await tx
              .select({ tally: policyShadowTallies, candidate: policyShadowRuns.candidate })
              .from(policyShadowTallies)
              .innerJoin(policyShadowRuns, eq(policyShadowRuns.number, policyShadowTallies.run))
              .where(eq(policyShadowTallies.run, run))
              .orderBy(policyShadowTallies.active)
            const tallies: ShadowTally[] = []
            for (const { tally, candidate } of rows) {
              const { run: _, active, ...counts } = tally
              const { difference, count } = policyShadowDifferences
              const kinds = await tx
                .select({ difference, count })
                .from(policyShadowDifferences)
                .where(and(eq(policyShadowDifferences.run, run), eq(policyShadowDifferences.active, active)))
                .orderBy(desc(count), policyShadowDifferences.kind)
                .limit(MOST_LISTED)
              tallies.push({
                ...counts,
                active: active as PolicyVersion,
                candidate: candidate as PolicyVersion,
                differences: kinds.map((each) => ({
                  ...(each.difference as Omit<ShadowDifference, 'count'>),
                  count: each.count,
                })),
              })
            }
            return tallies
          },
          { isolationLevel: 'repeatable read', accessMode: 'read only' },
        ),
      ),
    watch: (wake) => listen({ url: database.url, channel: CHANNEL, onMessage: wake, onGap: wake }),
  }
}

function toRun(row: Readonly<typeof policyShadowRuns.$inferSelect>): ShadowRun {
  return { ...row, candidate: row.candidate as PolicyVersion | null }
}

function toKind({ count, ...difference }: ShadowDifference): {
  kind: string
  difference: unknown
  count: number
} {
  const text = canonicalJson(difference)
  return { kind: createHash('sha256').update(text).digest('hex'), difference, count }
}

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof VarcoError) throw cause
    throw new UnavailableError('shadow store', { cause })
  }
}

import {
  canonicalJson,
  type Clock,
  InvariantError,
  type Json,
  mayBeSamePerson,
  type PolicyVersion,
} from '@varco/core'
import {
  ActivationError,
  bundleDocumentSchema,
  versionOf,
  type Activation,
  type BundleDocument,
  type PolicyStore,
} from '@varco/policy'
import { desc, eq, sql } from 'drizzle-orm'
import { available } from './available.ts'
import type { Database } from './database.ts'
import { listen } from './listen.ts'
import { policies, policyActivations } from './schema/policy.ts'

const CHANNEL = 'varco_policy'
/** Any fixed number: activations wait for one another on it. */
const ACTIVATION_LOCK = 7_221_001

export interface PostgresPolicyStoreOptions {
  readonly database: Database
  readonly clock: Clock
}

/** Every method throws `UnavailableError` while the database cannot be reached. */
export function postgresPolicyStore({ database, clock }: PostgresPolicyStoreOptions): PolicyStore {
  const { orm } = database
  const summary = { version: policies.version, putBy: policies.putBy, putAt: policies.putAt }
  return {
    active: () =>
      fromStore(async () => {
        const [row] = await orm
          .select({ activation: policyActivations, document: sql<string>`${policies.document}::text` })
          .from(policyActivations)
          .innerJoin(policies, eq(policies.version, policyActivations.version))
          .orderBy(desc(policyActivations.number))
          .limit(1)
        if (row === undefined) return null
        const activation = toActivation(row.activation)
        return { ...activation, document: toDocument(activation.version, row.document) }
      }),
    lastActivation: () =>
      fromStore(async () => {
        const [row] = await orm
          .select()
          .from(policyActivations)
          .orderBy(desc(policyActivations.number))
          .limit(1)
        return row === undefined ? null : toActivation(row)
      }),
    find: (version) =>
      fromStore(async () => {
        const [row] = await orm
          .select({ ...summary, document: sql<string>`${policies.document}::text` })
          .from(policies)
          .where(eq(policies.version, version))
        return row === undefined ? null : { ...row, version, document: toDocument(version, row.document) }
      }),
    list: () =>
      fromStore(async () => {
        const rows = await orm.select(summary).from(policies).orderBy(desc(policies.putAt), policies.version)
        return rows.map((row) => ({ ...row, version: row.version as PolicyVersion }))
      }),
    put: (document, by) =>
      fromStore(async () => {
        const version = versionOf(document)
        const text = canonicalJson(document as Json)
        await orm
          .insert(policies)
          .values({ version, document: sql`${text}::json`, putBy: by, putAt: clock.now() })
          .onConflictDoNothing()
        return version
      }),
    activate: (version, by) =>
      fromStore(() =>
        orm.transaction(async (tx) => {
          await tx.execute(sql`SELECT pg_advisory_xact_lock(${ACTIVATION_LOCK})`)
          const [policy] = await tx
            .select({ putBy: policies.putBy })
            .from(policies)
            .where(eq(policies.version, version))
          if (policy === undefined) throw new ActivationError('unknown-version')
          if (mayBeSamePerson(policy.putBy, by)) throw new ActivationError('same-person')
          const [last] = await tx
            .select()
            .from(policyActivations)
            .orderBy(desc(policyActivations.number))
            .limit(1)
          if (last?.version === version) throw new ActivationError('already-active')
          const row = {
            number: (last?.number ?? 0) + 1,
            version,
            activatedBy: by,
            activatedAt: clock.now(),
            previous: last?.version ?? null,
          }
          await tx.insert(policyActivations).values(row)
          // Delivered at commit, never before.
          await tx.execute(sql`SELECT pg_notify(${CHANNEL}, ${version})`)
          return toActivation(row)
        }),
      ),
    history: () =>
      fromStore(async () => {
        const rows = await orm.select().from(policyActivations).orderBy(desc(policyActivations.number))
        return rows.map(toActivation)
      }),
    watch: (wake) => listen({ url: database.url, channel: CHANNEL, onMessage: wake, onGap: wake }),
  }
}

function toActivation(row: Readonly<typeof policyActivations.$inferSelect>): Activation {
  return { ...row, version: row.version as PolicyVersion, previous: row.previous as PolicyVersion | null }
}

/** What is stored must hash to its name: a bundle changed in the database is not a bundle somebody activated. */
function toDocument(version: PolicyVersion, text: string): BundleDocument {
  const value: unknown = JSON.parse(text)
  if (versionOf(value as BundleDocument) !== version)
    throw new InvariantError('a stored policy is not what its version says')
  return bundleDocumentSchema.parse(value)
}

function fromStore<T>(work: () => Promise<T>): Promise<T> {
  return available('policy store', work)
}

import { bigint, pgSchema, uuid } from 'drizzle-orm/pg-core'

const varco = pgSchema('varco')

/** Proofs of possession that were used, until they can pass nowhere any more. */
export const usedProofs = varco.table('used_proofs', {
  proof: uuid('proof').primaryKey(),
  untilUs: bigint('until_us', { mode: 'bigint' }).notNull(),
})

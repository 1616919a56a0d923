import { asId } from '@varco/core'
import type { InstructionStore } from '@varco/engagement'
import { and, eq, gt, sql } from 'drizzle-orm'
import { available } from './available.ts'
import type { Database } from './database.ts'
import { engagementNotice } from './engagement-channel.ts'
import { instructions } from './schema/instructions.ts'

/** What people have said of whose orders they follow, on PostgreSQL. */
export function openInstructionStore({ orm }: Pick<Database, 'orm'>): InstructionStore {
  const fromStore = <T>(work: () => Promise<T>): Promise<T> => available('engagement', work)
  const [channel, payload] = engagementNotice({ kind: 'people' })
  const tell = sql`SELECT pg_notify(${channel}, ${payload})`
  return {
    instruction: (pseudonym, now) =>
      fromStore(async () => {
        const [row] = await orm
          .select()
          .from(instructions)
          .where(and(eq(instructions.pseudonym, pseudonym), gt(instructions.untilUs, now)))
        if (row === undefined) return null
        const { instructedBy, fromUs: from, untilUs: until } = row
        return { operator: asId(row.operator), pseudonym, instructedBy, from, until }
      }),
    putInstruction: ({ from, until, ...said }) =>
      fromStore(() =>
        orm.transaction(async (tx) => {
          const row = { ...said, fromUs: from, untilUs: until }
          await tx
            .insert(instructions)
            .values(row)
            .onConflictDoUpdate({ target: instructions.pseudonym, set: row })
          await tx.execute(tell)
        }),
      ),
    endInstruction: (pseudonym, now) =>
      fromStore(() =>
        orm.transaction(async (tx) => {
          const { rowCount } = await tx
            .delete(instructions)
            .where(and(eq(instructions.pseudonym, pseudonym), gt(instructions.untilUs, now)))
          if (rowCount !== 1) return false
          await tx.execute(tell)
          return true
        }),
      ),
  }
}

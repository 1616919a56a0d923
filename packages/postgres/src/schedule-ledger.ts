import type { ScheduleLedger } from '@varco/retention'
import { asc } from 'drizzle-orm'
import { available } from './available.ts'
import type { Database } from './database.ts'
import { retentionSchedules as schedules } from './schema/retention.ts'

/** When scheduled rules were seen to, on PostgreSQL. */
export function openScheduleLedger({ orm }: Pick<Database, 'orm'>): ScheduleLedger {
  const fromStore = <T>(work: () => Promise<T>): Promise<T> => available('retention', work)
  return {
    see: ({ rule, at, plan }) =>
      fromStore(async () => {
        const seen = { seenUs: at, plan }
        await orm
          .insert(schedules)
          .values({ rule, ...seen })
          .onConflictDoUpdate({ target: schedules.rule, set: seen })
      }),
    seen: () =>
      fromStore(async () =>
        (await orm.select().from(schedules).orderBy(asc(schedules.rule))).map(({ rule, seenUs, plan }) => ({
          ...{ rule, plan, at: seenUs },
        })),
      ),
  }
}

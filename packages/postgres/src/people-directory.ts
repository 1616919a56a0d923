import { asId } from '@varco/core'
import type { Assignment, PeopleDirectory } from '@varco/engagement'
import { desc, eq } from 'drizzle-orm'
import { available } from './available.ts'
import type { Database } from './database.ts'
import { assignments, operators } from './schema/engagement.ts'

/** Everyone the engagement knows, on PostgreSQL. */
export function openPeopleDirectory({ orm }: Database): PeopleDirectory {
  return {
    everyone: () =>
      available('people', async () => {
        const [people, work] = await Promise.all([
          orm.select().from(operators),
          orm.select().from(assignments),
        ])
        return {
          operators: people.map(({ id, ...operator }) => ({ ...operator, id: asId(id) })),
          assignments: work.map(toAssignment),
        }
      }),
    assignmentsOf: (operator) =>
      available('people', async () => {
        const work = await orm
          .select()
          .from(assignments)
          .where(eq(assignments.operator, operator))
          .orderBy(desc(assignments.fromUs))
        return work.map(toAssignment)
      }),
  }
}

export function toAssignment(row: typeof assignments.$inferSelect): Assignment {
  const { role, unit, fromUs: from, toUs: to } = row
  return {
    ...{ role, unit, from, to },
    operator: asId(row.operator),
    contract: row.contract === null ? null : asId(row.contract),
    pseudonym: asId(row.pseudonym),
    attributes: row.attributes as Assignment['attributes'],
  }
}

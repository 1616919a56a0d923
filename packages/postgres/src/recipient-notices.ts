import { asId } from '@varco/core'
import type { NotifiedAct, NoticeEnd, RecipientNotice, RecipientNotices } from '@varco/retention'
import { and, asc, eq, isNull } from 'drizzle-orm'
import { available } from './available.ts'
import type { Database } from './database.ts'
import { recipientNotices as notices } from './schema/retention.ts'

/** What recipients are to be told, on PostgreSQL. */
export function openRecipientNotices({ orm }: Pick<Database, 'orm'>): RecipientNotices {
  const fromStore = <T>(work: () => Promise<T>): Promise<T> => available('retention', work)
  return {
    queue: (queued) =>
      fromStore(async () => {
        if (queued.length === 0) return
        await orm.insert(notices).values(queued.map(toRow)).onConflictDoNothing()
      }),
    notice: (id) =>
      fromStore(async () => {
        const [row] = await orm.select().from(notices).where(eq(notices.id, id))
        return row === undefined ? null : toNotice(row)
      }),
    waiting: (limit) =>
      fromStore(async () =>
        (
          await orm
            .select()
            .from(notices)
            .where(isNull(notices.settledHow))
            .orderBy(asc(notices.queuedUs), asc(notices.id))
            .limit(limit)
        ).map(toNotice),
      ),
    settle: (id, { how, by, at, note }) =>
      fromStore(async () => {
        const { rowCount } = await orm
          .update(notices)
          .set({
            ...{ settledHow: how, settledBy: by, settledUs: at, settledNote: note },
            ...{ dataSubjectKind: null, dataSubjectId: null },
          })
          .where(and(eq(notices.id, id), isNull(notices.settledHow)))
        return rowCount === 1
      }),
  }
}

function toRow(notice: RecipientNotice): typeof notices.$inferInsert {
  const { id, request, act, processor, contract, dataSubject, resources, copies, queuedAt } = notice
  return {
    ...{ id, request, act, processor, contract, resources: [...resources], copies: [...copies] },
    ...{ dataSubjectKind: dataSubject?.kind ?? null, dataSubjectId: dataSubject?.id ?? null },
    queuedUs: queuedAt,
  }
}

function toNotice(row: typeof notices.$inferSelect): RecipientNotice {
  const { id, request, resources, copies, queuedUs, dataSubjectKind: kind, dataSubjectId: whose } = row
  const { settledHow: how, settledBy: by, settledUs: at } = row
  return {
    ...{ id, request, resources, copies, queuedAt: queuedUs, act: row.act as NotifiedAct },
    processor: asId(row.processor),
    contract: asId(row.contract),
    dataSubject: kind === null || whose === null ? null : { kind, id: whose },
    settled:
      how === null || by === null || at === null
        ? null
        : { how: how as NoticeEnd, by: asId(by), at, note: row.settledNote ?? '' },
  }
}

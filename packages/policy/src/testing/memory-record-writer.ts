import type { FetchedRecord } from '../records/record-source.ts'
import type { RecordWriter } from '../records/record-writer.ts'
import { memoryRecordSource } from './memory-record-source.ts'

/** The port's double for tests: changes the records it is given, in place. A record's rules are the test's `reject`. */
export function memoryRecordWriter(
  records: Record<string, FetchedRecord[]>,
  reject: (record: FetchedRecord) => boolean = () => false,
): RecordWriter {
  let queue: Promise<unknown> = Promise.resolve()
  const source = memoryRecordSource(records)
  const write: RecordWriter['update'] = async ({ resource, fields, values, limit, ...set }, allow) => {
    const { key } = resource
    const query = {
      ...{ resource, ...set, limit, offset: 0 },
      order: [{ field: key, direction: 'asc', nulls: 'last' }],
    } as const
    const found = await source.fetch({ ...query, fields: [key] })
    if (!(await allow(await source.fetch({ ...query, fields })))) return { kind: 'withheld' }
    const keys = new Set(found.map((record) => record[key]))
    const rows = records[resource.name] ?? []
    const changed = rows.map((row) => (keys.has(row[key]) ? { ...row, ...Object.fromEntries(values) } : row))
    const now = found.flatMap((each): readonly FetchedRecord[] =>
      changed.filter((row) => row[key] === each[key]),
    )
    if (now.some(reject)) return { kind: 'rejected' }
    records[resource.name] = changed
    const after = now.map((row) => Object.fromEntries(fields.map((field) => [field, row[field] ?? null])))
    return { kind: 'done', after }
  }
  return {
    // One at a time, as locks would have it.
    update: (update, allow) => {
      const turn = queue.then(() => write(update, allow))
      queue = turn.catch(() => {})
      return turn
    },
  }
}

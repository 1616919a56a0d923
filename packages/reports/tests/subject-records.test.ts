import { describeSubjectRecords, memorySubjectRecords } from '@varco/reports/testing'

describeSubjectRecords('in memory', async (_bundle, rows) => ({
  records: memorySubjectRecords(rows),
  [Symbol.asyncDispose]: async () => {},
}))

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readmeExample } from '@varco/core/testing'
import { makeSubjectReport, verifyReport, writeReport } from '@varco/reports'
import { expect, test } from 'vitest'
import { sampleBody } from './sample-body.ts'

test('the example of the README runs as printed', async () => {
  await using body = await sampleBody()
  await body.access('2026-02-03T07:00:30Z')
  const folder = await mkdtemp(path.join(tmpdir(), 'varco-readme-'))
  const { log, reader, records, bundle, verifier: verifierKey } = body
  const requestId = () => 'request-1'

  // #region example
  const dataSubjects = await records.find(bundle, 'DCLGLI80A41H501X')
  const report = await makeSubjectReport(
    { log, reader, records, bundle, requestId },
    {
      identifier: 'DCLGLI80A41H501X',
      dataSubjects: dataSubjects.map(({ ref }) => ref),
      locale: 'it',
      requestedBy: 'RPD-2K9QX',
    },
  )
  const { pdf } = await writeReport(folder, report)
  const verification = verifyReport(await readFile(pdf), verifierKey)
  // #endregion

  expect(verification).toMatchObject({ ok: true, accesses: 1, proved: 1 })
  await rm(folder, { recursive: true })
  const { printed, run } = await readmeExample(import.meta.filename)
  expect(printed).toBe(run)
})

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import {
  auditReportSchema,
  breachScopeSchema,
  driftReportSchema,
  exitCertificateSchema,
  processingRegisterSchema,
  subjectReportSchema,
  ticketReportSchema,
  transparencyReportSchema,
} from '@varco/reports'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'

const SCHEMAS = {
  'subject-report': subjectReportSchema,
  'processing-register': processingRegisterSchema,
  'breach-scope': breachScopeSchema,
  'transparency-report': transparencyReportSchema,
  'audit-report': auditReportSchema,
  'scope-drift-report': driftReportSchema,
  'ticket-report': ticketReportSchema,
  'exit-certificate': exitCertificateSchema,
}

describe.each(Object.entries(SCHEMAS))('the published JSON Schema of a %s', (name, schema) => {
  const file = path.join(import.meta.dirname, `../schemas/${name}.schema.json`)

  // `vitest -u` writes the file anew when the schema has changed on purpose.
  test('is the one the code checks with', async () => {
    const published = { $id: `https://varco.example/schemas/${name}.schema.json`, ...z.toJSONSchema(schema) }
    await expect(`${JSON.stringify(published, null, 2)}\n`).toMatchFileSnapshot(file)
  })

  test('lets no unknown key in', async () => {
    const text = await readFile(file, 'utf8')
    expect(text.match(/"additionalProperties": false/g)?.length).toBe(text.match(/"type": "object"/g)?.length)
  })
})

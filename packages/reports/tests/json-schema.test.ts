import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import {
  auditReportSchema,
  breachScopeSchema,
  driftReportSchema,
  exitCertificateSchema,
  processingRegisterSchema,
  subjectReportSchema,
  renderJson,
  ticketReportSchema,
  transparencyReportSchema,
} from '@varco/reports'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { KINDS } from './every-kind.ts'

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

test.each(Object.keys(KINDS) as (keyof typeof KINDS)[])(
  'a validator that knows nothing of us finds the JSON of a %s as published, and a changed one not',
  async (kind) => {
    const report = JSON.parse(renderJson(await KINDS[kind]('it'))) as Record<string, unknown>
    const name = String(report['format']).replace('varco/', '')
    const file = path.join(import.meta.dirname, `../schemas/${name}.schema.json`)
    // The patterns stand beside the formats, which the validator would need a list of.
    const ajv = new Ajv2020({ strict: true, validateFormats: false, allErrors: true })
    const validate = ajv.compile(JSON.parse(await readFile(file, 'utf8')) as object)
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ ...report, surprise: 1 })).toBe(false)
    const { made: _made, ...unmade } = report
    expect(validate(unmade)).toBe(false)
  },
)

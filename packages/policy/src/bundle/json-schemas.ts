import * as z from 'zod'
import { oversightFileSchema } from './oversight-schema.ts'
import {
  accessFileSchema,
  casesFileSchema,
  catalogueFileSchema,
  processorFileSchema,
  purposesFileSchema,
  retentionFileSchema,
  varcoFileSchema,
} from './schema.ts'
import { upstreamFileSchema } from './upstream-schema.ts'

const SCHEMAS = {
  access: accessFileSchema,
  cases: casesFileSchema,
  catalogue: catalogueFileSchema,
  oversight: oversightFileSchema,
  processor: processorFileSchema,
  purposes: purposesFileSchema,
  retention: retentionFileSchema,
  upstream: upstreamFileSchema,
  varco: varcoFileSchema,
} as const

/** JSON Schemas of the bundle's files, for editors, by the name of the file in `.schemas/`: the exact text to write. */
export function bundleJsonSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(SCHEMAS).map(([name, schema]) => [
      `${name}.json`,
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`,
    ]),
  )
}

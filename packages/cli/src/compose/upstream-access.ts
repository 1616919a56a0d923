import { readFile } from 'node:fs/promises'
import { ConfigError, type Config } from '@varco/core'
import type { UpstreamAccess } from '@varco/proxy'
import * as z from 'zod'

const fileSchema = z.record(
  z.string(),
  z.strictObject({
    base: z.url({ protocol: /^https?$/ }).optional(),
    authorization: z.string().min(1).optional(),
  }),
)

/**
 * What this installation knows of its upstreams: JSON such as `{"crm":{"base":"http://10.0.0.7/api","authorization":"Bearer …"}}`.
 * @throws ConfigError when the file cannot be read as that, never with what is in it
 */
export async function readUpstreamAccess({
  VARCO_UPSTREAMS: file,
}: Config): Promise<Readonly<Record<string, UpstreamAccess>>> {
  if (file === undefined) return {}
  try {
    const read = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    return Object.fromEntries(
      Object.entries(read).map(([name, { base, authorization }]) => [
        name,
        {
          ...(base === undefined ? {} : { base }),
          ...(authorization === undefined ? {} : { authorization }),
        },
      ]),
    )
  } catch {
    throw new ConfigError(
      'VARCO_UPSTREAMS',
      'VARCO_UPSTREAMS must be a JSON file of addresses and credentials by upstream',
    )
  }
}

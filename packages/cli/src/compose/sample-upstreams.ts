import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from '@varco/core'
import { sampleSubscribers, startNewsletterService } from '@varco/demo'
import type { Databases } from './open-databases.ts'
import type { Home } from './home.ts'
import { readUpstreamAccess } from './upstream-access.ts'

/** Where the sample body's upstreams are reached: anew at each start, beside what the installation says of others. */
export function sampleUpstreamsFile({ demo }: Pick<Home, 'demo'>): string {
  return path.join(demo, 'upstreams.json')
}

/**
 * Starts what stands behind the sample body's gate, with what the sample body still has, and writes down where.
 * @throws ConfigError when what the installation knows of its upstreams cannot be read
 */
export async function startSampleUpstreams(
  config: Config,
  home: Home,
  { records }: Pick<Databases, 'records'>,
): Promise<AsyncDisposable> {
  const others = await readUpstreamAccess(config)
  const subscribers = await sampleSubscribers(records.pool)
  const newsletter = await startNewsletterService({ demo: true, host: config.VARCO_HOST, subscribers })
  await mkdir(home.demo, { recursive: true })
  const access = { newsletter: { base: newsletter.base }, ...others }
  await writeFile(sampleUpstreamsFile(home), JSON.stringify(access), { mode: 0o600 })
  return newsletter
}

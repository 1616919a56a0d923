import { mkdir, rm, writeFile } from 'node:fs/promises'
import type { Config } from '@varco/core'
import { sampleSubscribers, startNewsletterService, type NewsletterService } from '@varco/demo'
import type { Databases } from './open-databases.ts'
import type { Home } from './home.ts'
import { sampleUpstreamsFile } from './sample-upstreams-file.ts'
import { readUpstreamAccess } from './upstream-access.ts'

/**
 * Starts what stands behind the sample body's gate, with what the sample body still has, and writes down where. It asks nobody who
 * they are, so that only this machine reaches it, wherever the gate itself listens.
 * @throws ConfigError when what the installation knows of its upstreams cannot be read
 */
export async function startSampleUpstreams(
  config: Config,
  home: Home,
  { records }: Pick<Databases, 'records'>,
): Promise<NewsletterService> {
  const file = sampleUpstreamsFile(home)
  const others = await readUpstreamAccess(config)
  const subscribers = await sampleSubscribers(records.pool)
  const newsletter = await startNewsletterService({ demo: true, subscribers })
  await mkdir(home.demo, { recursive: true })
  const access = { newsletter: { base: newsletter.base }, ...others }
  await writeFile(file, JSON.stringify(access), { mode: 0o600 })
  return {
    ...newsletter,
    [Symbol.asyncDispose]: async () => {
      await rm(file, { force: true })
      await newsletter[Symbol.asyncDispose]()
    },
  }
}

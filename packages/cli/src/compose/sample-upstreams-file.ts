import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '@varco/core'
import { homeOf, type Home } from './home.ts'

/** Where the sample body's upstreams are reached, while it is up; beside what the installation says of others. */
export function sampleUpstreamsFile({ demo }: Pick<Home, 'demo'>): string {
  return path.join(demo, 'upstreams.json')
}

/** The settings of a command beside a sample body that is up: it reaches what stands behind that one's gate. */
export function withSampleUpstreams(config: Config): Config {
  const file = sampleUpstreamsFile(homeOf(config))
  return config.VARCO_UPSTREAMS === undefined && existsSync(file)
    ? { ...config, VARCO_UPSTREAMS: file }
    : config
}

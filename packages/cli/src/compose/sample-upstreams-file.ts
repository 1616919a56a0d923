import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '@varco/core'
import { homeOf, type Home } from './home.ts'

const FILE = /^upstreams-(\d+)\.json$/

/** Where this process, the sample body's, says how its upstreams are reached, while it is up; beside what the installation says of others. */
export function sampleUpstreamsFile({ demo }: Pick<Home, 'demo'>): string {
  return path.join(demo, `upstreams-${process.pid}.json`)
}

/**
 * The settings of a command beside a sample body that is up: it reaches what stands behind that one's gate. The file of one that was
 * killed is none: by now somebody else may listen there, and say that a record is gone.
 */
export function withSampleUpstreams(config: Config): Config {
  if (config.VARCO_UPSTREAMS !== undefined) return config
  const { demo } = homeOf(config)
  const file = existsSync(demo) ? readdirSync(demo).find(isOfTheLiving) : undefined
  return file === undefined ? config : { ...config, VARCO_UPSTREAMS: path.join(demo, file) }
}

function isOfTheLiving(name: string): boolean {
  const pid = Number(FILE.exec(name)?.[1])
  if (Number.isNaN(pid)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process lives too.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

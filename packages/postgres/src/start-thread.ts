import path from 'node:path'
import { Worker } from 'node:worker_threads'

const extension = path.extname(import.meta.filename)
/** From sources, a thread must find the sources of the other packages too. */
const CONDITIONS = extension === '.ts' ? ['--conditions=varco:source'] : []

/**
 * Starts a script of this package, named without its extension, in a thread of its own.
 * @param youngMb how large its young generation may grow, in megabytes: left to itself it takes tens where a few do
 */
export function startThread(
  script: string,
  workerData: object,
  { youngMb }: { readonly youngMb?: number } = {},
): Worker {
  return new Worker(path.join(import.meta.dirname, `${script}${extension}`), {
    workerData,
    execArgv: CONDITIONS,
    ...(youngMb === undefined ? {} : { resourceLimits: { maxYoungGenerationSizeMb: youngMb } }),
  })
}

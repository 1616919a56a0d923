import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { open, mkdir, rm, type FileHandle } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import type {
  OrderedBy,
  ReportFailure,
  ReportOrder,
  ReportOutcome,
  ReportProgress,
  ReportRefusal,
  ReportUnderWay,
} from '@varco/console'
import { UnavailableError, type Config } from '@varco/core'
import { diskFault, ReportNotWrittenError, type Report } from '@varco/reports'
import type { Services } from './services.ts'

/** What the process is told. */
export interface ReportTask {
  readonly config: Config
  readonly order: ReportOrder
  readonly by: OrderedBy
}

/** What it tells. */
export type ReportMessage =
  | ({ readonly kind: 'progress' } & ReportProgress)
  | { readonly kind: 'made'; readonly made: Report['made'] }
  | { readonly kind: 'refused'; readonly reason: ReportRefusal }
  | { readonly kind: 'failed'; readonly because: ReportFailure }

/** Where the process finds the open file that the document goes into. */
export const REPORT_FD = 4

/** A document made apart, and when nothing is left of it. */
export interface MadeApart extends ReportUnderWay {
  readonly ended: Promise<void>
}

/** Fifty thousand accesses take a minute: what takes longer than this will not come, and others wait for its place. */
const LONGEST_MS = 3_600_000

const extension = path.extname(import.meta.filename)
const PROCESS = path.join(import.meta.dirname, `report-process${extension}`)
/** From sources, the process must find the sources of the other packages too. */
const CONDITIONS = extension === '.ts' ? ['--conditions=varco:source'] : []

/**
 * Makes a document in a process of its own, which ends with this one. It goes into a file that has no name, so that nothing of it
 * is left behind however either process ends.
 * @throws ReportNotWrittenError when the folder does not let it
 */
export async function makeApart(
  { config, databases, home }: Pick<Services, 'config' | 'databases' | 'home'>,
  { order, by }: Omit<ReportTask, 'config'>,
): Promise<MadeApart> {
  const file = await namelessFile(home.reports)
  const child = await startedWith(file)
  let progress: ReportProgress = { step: 'gathering', done: 0, of: null }
  let last: Exclude<ReportMessage, { kind: 'progress' }> = { kind: 'failed', because: 'fault' }
  child.on('message', (message: ReportMessage) => {
    if (message.kind === 'progress') progress = { step: message.step, done: message.done, of: message.of }
    else last = message
  })
  const task: ReportTask = {
    // The server may be our own, which settings do not name.
    config: { ...config, DATABASE_URL: databases.state.url, VARCO_RECORDS_URL: databases.records.url },
    ...{ order, by },
  }
  child.send(task, () => {})
  const kept = readableWhileAsked(file)
  const come = async (): Promise<ReportOutcome> => {
    try {
      await once(child, 'close')
      if (last.kind !== 'made') return last
      const { size } = await file.stat()
      return { kind: 'made', file: { made: last.made, size, pieces: () => kept.pieces(size) } }
    } catch {
      return { kind: 'failed', because: 'fault' }
    }
  }
  const outcome = come()
  return {
    progress: () => progress,
    outcome,
    ended: kept.closed,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await outcome
      kept.close()
    },
  }
}

/** The file is closed where there is no process to write it: the machine may have no room for one. */
async function startedWith(file: FileHandle): Promise<ChildProcess> {
  try {
    const child = fork(PROCESS, [], {
      execArgv: CONDITIONS,
      // Times are whole numbers of any size.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', file.fd],
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
    })
    // What could not be started or ended is told by `close`, or by `once` below.
    child.on('error', () => {})
    if (child.pid === undefined) throw new UnavailableError('report process')
    return child
  } catch (cause) {
    await file.close()
    throw cause
  }
}

async function namelessFile(dir: string): Promise<FileHandle> {
  try {
    await mkdir(dir, { recursive: true })
    const place = path.join(dir, `.document.${randomBytes(6).toString('hex')}`)
    const file = await open(place, 'wx+', 0o600)
    await rm(place)
    return file
  } catch (cause) {
    throw new ReportNotWrittenError(diskFault(cause), { cause })
  }
}

const CHUNK = 256 * 1024

/** A file that is closed once nobody reads it any more. */
function readableWhileAsked(file: FileHandle) {
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  let readers = 0
  let isWanted = true
  const closeUnread = (): void => {
    // Whatever the disk says of it, there is nothing more to do.
    if (!isWanted && readers === 0) resolve(file.close().catch(() => {}))
  }
  return {
    closed,
    close: () => {
      isWanted = false
      closeUnread()
    },
    pieces: async function* (size: number): AsyncGenerator<Uint8Array> {
      readers++
      try {
        for (let at = 0; at < size;) {
          const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, at)
          if (bytesRead === 0) return
          yield buffer.subarray(0, bytesRead)
          at += bytesRead
        }
      } finally {
        readers--
        closeUnread()
      }
    },
  }
}

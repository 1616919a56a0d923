import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import type { MadeReport, ReportFailure } from '@varco/console'
import { faultFields, UnavailableError } from '@varco/core'
import { bytesInChunks, renderingIn, ReportNotWrittenError, reportOf } from '@varco/reports'
import { keepHeapLean } from '../lean-heap.ts'
import { commandDiagnostics } from './diagnostics.ts'
import { REPORT_FD, type ReportMessage, type ReportTask } from './make-apart.ts'
import { reportMaker } from './report-maker.ts'
import { openServices } from './services.ts'

/* The process in which one long document is made, as a command would: what it tells is told to who started it. */

/** Not each row is news. */
const TOLD_EVERY = 250

keepHeapLean('report')
// Whoever wanted it is gone.
process.on('disconnect', () => process.exit(1))
const [task] = (await once(process, 'message')) as [ReportTask]
await tell(await made(task))
process.disconnect()

async function made({ config, order, by }: ReportTask): Promise<ReportMessage> {
  const diagnostics = commandDiagnostics(config, 'report')
  try {
    await using services = await openServices({ config, diagnostics })
    const onGathered = (done: number): void => {
      if (done % TOLD_EVERY === 0) void tell({ kind: 'progress', step: 'gathering', done, of: null })
    }
    const report = await reportMaker(services, services.commandLog, { onGathered }).make(order, by)
    if (typeof report === 'string') return { kind: 'refused', reason: report }
    await using _open = report
    await write(report, by.format)
    return { kind: 'made', made: reportOf(report.report).made }
  } catch (error) {
    diagnostics.error('a document could not be made', faultFields(error))
    return { kind: 'failed', because: failureOf(error) }
  }
}

async function write({ report, table }: MadeReport, format: ReportTask['by']['format']): Promise<void> {
  let told = 0
  const onProgress = (done: number, of: number): void => {
    if (done - told < TOLD_EVERY) return
    told = done
    void tell({ kind: 'progress', step: 'setting', done, of })
  }
  const pieces =
    format === 'csv'
      ? (async function* () {
          yield table ?? ''
        })()
      : await renderingIn(format, report, { onProgress })
  await pipeline(bytesInChunks(pieces), createWriteStream('', { fd: REPORT_FD }))
}

/** Resolves once it is on its way, whoever listens. */
function tell(message: ReportMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve()
    else process.send(message, undefined, undefined, () => resolve())
  })
}

const DISK_FAULTS: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS']

function failureOf(error: unknown): ReportFailure {
  if (error instanceof UnavailableError) return 'unavailable'
  if (error instanceof ReportNotWrittenError) return 'not-written'
  return error instanceof Error && 'code' in error && DISK_FAULTS.includes(error.code)
    ? 'not-written'
    : 'fault'
}

import { parentPort, workerData } from 'node:worker_threads'
import { scanRange, type ScanTask } from '@varco/access-log'
import { faultFields } from '@varco/core'
import type { ScanAnswer, ScanSource } from './log-scanner.ts'
import { LogWalks } from './log-walk.ts'

/* A thread of `WorkerScanner`: one task after the other, until it is ended from outside. */

const { url, snapshot } = workerData as ScanSource
const walks = new LogWalks(url, snapshot)
const source = {
  walkEvents: walks.events.bind(walks),
  walkSideRows: walks.sideRows.bind(walks),
  walkCheckpoints: walks.checkpoints.bind(walks),
}

parentPort?.on('message', (task: ScanTask) => {
  void answer(task).then((outcome) => parentPort?.postMessage(outcome, []))
})

async function answer(task: ScanTask): Promise<ScanAnswer> {
  try {
    return { report: await scanRange(source, task) }
  } catch (error) {
    return { failure: `a piece of the log could not be read (${String(faultFields(error)['fault'])})` }
  }
}

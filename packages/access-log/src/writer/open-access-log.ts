import { randomBytes } from 'node:crypto'
import { InvariantError, type Clock, type Diagnostics, type WriterId } from '@varco/core'
import { actDraft } from '../act-draft.ts'
import type { Anchor } from '../anchors/anchor.ts'
import type { AccessLog } from '../event.ts'
import type { LogKeys } from '../keys/log-keys.ts'
import type { LogStore } from '../store/log-store.ts'
import { TOP_WRITER } from '../store/tree-origin.ts'
import { commitOnce } from './append-once.ts'
import type { LogMetrics } from './log-metrics.ts'
import { TreeWriter } from './tree-writer.ts'

export interface AccessLogOptions {
  readonly store: LogStore
  readonly keys: LogKeys
  readonly clock: Clock
  /** Name of this process in the log. A second process that opens it takes it over, and the first stops. */
  readonly writer: WriterId
  readonly diagnostics?: Diagnostics
  /** Where checkpoints are published, outside the database. */
  readonly anchors?: readonly Anchor[]
  /** Milliseconds between two publications to one anchor. */
  readonly anchorEveryMs?: number
}

/** The writing side of one tree, held by one process. */
export interface AccessLogWriter extends AccessLog, AsyncDisposable {
  readonly writer: WriterId
  readonly epoch: number
  metrics(): LogMetrics
}

/**
 * Takes the writer's tree over and opens it for appending. Taking over is an event of its own: as it moves the head,
 * whoever held the tree before fails its next compare-and-set and stops.
 * @throws UnavailableError when the store cannot be reached
 * @throws RolledBackError when the store holds less than an anchor has seen
 */
export async function openAccessLog(options: AccessLogOptions): Promise<AccessLogWriter> {
  if (options.writer === TOP_WRITER) throw new InvariantError('the writer name top is reserved')
  const instance = randomBytes(16).toString('hex')
  const start = actDraft('writer-started', {
    requestId: instance,
    detail: { verifier: options.keys.verifier },
  })
  const { batch, after } = await commitOnce(options, () => start)
  return new TreeWriter(options, after, batch.checkpoint.note)
}

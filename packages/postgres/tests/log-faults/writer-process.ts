/*
 * A process that appends under load until it is killed, for the fault tests. It tells each event that was acknowledged, as
 * a proxy would reveal the record: after the append, never before.
 * Of this package it loads only the log: it is started again and again, and starting is most of what the tests wait for.
 * Arguments: database address, folder of the keys, anchor file, writer's name, prefix of its request ids.
 */
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  actDraft,
  fileAnchor,
  loadLogKeys,
  openAccessLog,
  SupersededError,
  type AccessLogWriter,
} from '@varco/access-log'
import { asId, systemClock, type WriterId } from '@varco/core'
import { openDatabase } from '../../src/database.ts'
import { openLogStore } from '../../src/log-store.ts'

const [url = '', keysDir = '', anchorFile = '', writer = '', prefix = ''] = process.argv.slice(2)
/** Enough for two batches to be under way, one behind the other. */
const CALLERS = 64
const DISCLOSURES = [{ resource: 'invoice', recordKey: '17', dataSubject: { kind: 'producer', id: 'P-1' } }]
const SUPERSEDED = 3

const store = openLogStore(openDatabase({ url, max: 3 }))
const keys = await loadLogKeys(keysDir)
const log = await open()
writeSync(1, 'open\n')
// Who is killed leaves the next nothing that it compiled.
flushCompileCache()
let asked = 0
await Promise.all(Array.from({ length: CALLERS }, call))

async function open(): Promise<AccessLogWriter> {
  for (;;) {
    try {
      return await openAccessLog({
        ...{ store, keys, clock: systemClock, anchors: [fileAnchor(anchorFile)], anchorEveryMs: 20 },
        writer: asId<WriterId>(writer),
      })
    } catch {
      await sleep(20)
    }
  }
}

async function call(): Promise<void> {
  for (;;) {
    const requestId = `${prefix}-${asked++}`
    try {
      await log.append(
        actDraft('access', { requestId, operator: 'op-1', decision: 'permit', disclosures: DISCLOSURES }),
      )
      writeSync(1, `ok ${requestId}\n`)
    } catch (error) {
      if (error instanceof Error && error.cause instanceof SupersededError) process.exit(SUPERSEDED)
      await sleep(20)
    }
  }
}

/*
 * Fills a tree from one event to another, spread over a year, in large batches.
 * Arguments: address, keys, anchor, writer, first, end.
 */
import { fileAnchor, loadLogKeys, openAccessLog } from '@varco/access-log'
import { asId, type Clock, type WriterId } from '@varco/core'
import { openDatabase, openLogStore } from '@varco/postgres'
import { access } from './workload.ts'

const [url = '', keysDir = '', anchor = '', writer = '', first = '', end = '', of = ''] =
  process.argv.slice(2)
const CALLERS = 1_000
const YEAR_US = 365 * 86_400 * 1_000_000
const START = 1_767_225_600_000_000

let n = Number(first)
const clock: Clock = { now: () => BigInt(START + Math.floor((n / Number(of)) * YEAR_US)) }
await using database = openDatabase({ url })
await using store = openLogStore(database, { mindsClock: false })
await using log = await openAccessLog({
  ...{ store, keys: await loadLogKeys(keysDir), clock, anchors: [fileAnchor(anchor)], anchorEveryMs: 5_000 },
  writer: asId<WriterId>(writer),
})
await Promise.all(
  Array.from({ length: CALLERS }, async () => {
    while (n < Number(end)) await log.append(access(n++))
  }),
)

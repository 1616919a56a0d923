/* Verifies the whole log in a process of its own: prints events a second and the most memory it had. Arguments: address, keys, anchor. */
import { availableParallelism } from 'node:os'
import { fileAnchor, loadLogKeys, verifyLog } from '@varco/access-log'
import { openDatabase, openLogStore } from '@varco/postgres'

const [url = '', keysDir = '', anchor = ''] = process.argv.slice(2)
await using database = openDatabase({ url })
await using store = openLogStore(database)
const { verifier } = await loadLogKeys(keysDir)
const started = performance.now()
const verdict = await verifyLog({
  store,
  verifierKeys: [verifier],
  anchors: [fileAnchor(anchor)],
  scanner: store.scanner(availableParallelism()),
})
const seconds = (performance.now() - started) / 1_000
if (!verdict.ok) throw new Error(`the log does not verify: ${JSON.stringify(verdict.findings.slice(0, 3))}`)
console.log(JSON.stringify({ perS: verdict.events / seconds, rssMb: process.resourceUsage().maxRSS / 1_024 }))

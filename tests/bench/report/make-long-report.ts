/*
 * Makes and writes the report of the much looked-at person, signed, as the command does. Arguments: address, keys, folder.
 */
import { generateKeyPairSync } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { keepHeapLean } from '../../../packages/cli/src/lean-heap.ts'

// As the command does, before it loads anything.
keepHeapLean('report')
const { loadLogKeys, openAccessLog, openAccessLogReader } = await import('@varco/access-log')
const { asId, systemClock } = await import('@varco/core')
const { openDatabase, openLogStore } = await import('@varco/postgres')
const { FileShelf, makeShelvedReport, renderingsOf, writeReport } = await import('@varco/reports')
const { memorySubjectRecords, reportedBundle } = await import('@varco/reports/testing')
const { ROWS } = await import('../../../packages/reports/tests/sample-body.ts')

const [url = '', keysDir = '', folder = ''] = process.argv.slice(2)

await using database = openDatabase({ url })
await using store = openLogStore(database)
const keys = await loadLogKeys(keysDir)
await using log = await openAccessLog({ store, keys, clock: systemClock, writer: asId('bench-1') })
await using shelf = await FileShelf.in(folder)
const started = performance.now()
const report = await makeShelvedReport(
  {
    ...{ log, bundle: reportedBundle(), reader: openAccessLogReader({ store, keys }) },
    ...{ records: memorySubjectRecords(ROWS), requestId: () => 'bench' },
  },
  {
    ...{ identifier: null, dataSubjects: [{ kind: 'producer', id: 'P-big' }] },
    ...{ locale: 'it', requestedBy: 'RPD-2K9QX' },
  },
  shelf,
)
const made = performance.now()
let bytes = 0
for await (const chunk of (await renderingsOf(report)).pdf) bytes += chunk.length
const set = performance.now()
const { privateKey } = generateKeyPairSync('ed25519')
const { json, html } = await writeReport(folder, report, { signingKey: privateKey })
const megabytes = (size: number): number => Math.round(size / 1024 / 1024)
console.log(
  JSON.stringify({
    big_accesses: shelf.count,
    big_making_s: seconds(made - started),
    big_pdf_s: seconds(set - made),
    big_writing_s: seconds(performance.now() - set),
    big_rss_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    big_pdf_mb: megabytes(bytes),
    big_json_mb: megabytes((await stat(json)).size),
    big_html_mb: megabytes((await stat(html)).size),
  }),
)

function seconds(milliseconds: number): number {
  return Number((milliseconds / 1000).toFixed(1))
}

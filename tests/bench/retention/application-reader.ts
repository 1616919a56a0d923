/*
 * An application that reads invoices that stay, one after another at a steady pace; its own process, so that it waits for nothing
 * but the database. Arguments: the database, and for how long, in ms; until its input ends, when none is said. Prints the p99 in ms.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '@varco/postgres'

const PACE_MS = 5
const LEAST = 200

const [url = '', ms] = process.argv.slice(2)
await using database = openDatabase({ url, max: 1 })
let asked = ms !== undefined
const end = performance.now() + Number(ms ?? 0)
if (ms === undefined) {
  process.stdin.once('end', () => {
    asked = true
  })
  process.stdin.resume()
}
const times: number[] = []
while (!asked || performance.now() < end || times.length < LEAST) {
  const started = performance.now()
  await database.pool.query({
    name: 'read',
    text: "SELECT * FROM gse.invoice WHERE producer_id = $1 AND issued_on >= '2020-01-01' LIMIT 20",
    values: [`P${times.length % 1000}`],
  })
  times.push(performance.now() - started)
  await sleep(PACE_MS)
}
times.sort((a, b) => a - b)
console.log(times[Math.floor(times.length * 0.99)])

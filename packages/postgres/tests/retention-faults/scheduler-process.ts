/*
 * A process that carries out plans until it is killed, for the fault tests. Arguments: the database's address; `apart`, to go about it
 * as where the records are in another one. It says that it is ready, takes the number of a plan from each line it is sent, and says that line again once the plan is done.
 */
import { flushCompileCache } from 'node:module'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '@varco/postgres'
import { runPlan } from '@varco/retention'
import { keptApart, person, worldOn } from '../retention/retention-world.ts'

const [url = '', how] = process.argv.slice(2)
const world = worldOn(openDatabase({ url, max: 4 }))
const desk = how === 'apart' ? keptApart(world.desk) : world.desk
process.stdout.write('ready\n')
// Who is killed leaves the next nothing that it compiled.
flushCompileCache()
for await (const plan of createInterface({ input: process.stdin })) {
  for (let done = false; !done;) {
    try {
      await runPlan(desk, { plan, by: person('SCH-1') })
      done = true
    } catch {
      await sleep(20)
    }
  }
  process.stdout.write(`${plan}\n`)
}
process.exit(0)

/*
 * A process that carries out a plan until it is done or killed, for the fault tests. Arguments: database address, plan.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '@varco/postgres'
import { runPlan } from '@varco/retention'
import { person, worldOn } from '../retention/retention-world.ts'

const [url = '', plan = ''] = process.argv.slice(2)
const { desk } = worldOn(openDatabase({ url, max: 4 }))
for (;;) {
  try {
    await runPlan(desk, { plan, by: person('SCH-1') })
    process.exit(0)
  } catch {
    await sleep(20)
  }
}

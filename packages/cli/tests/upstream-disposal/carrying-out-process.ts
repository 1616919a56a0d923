/*
 * A process that carries out a plan until it is done or killed. Arguments: database address, plan, address of the upstream.
 */
import { flushCompileCache } from 'node:module'
import { openDatabase } from '@varco/postgres'
import { runPlan } from '@varco/retention'
import { person } from '../../../postgres/tests/retention/retention-world.ts'
import { upstreamWorld } from './attachments.ts'

const [url = '', plan = '', base = ''] = process.argv.slice(2)
const { desk } = upstreamWorld(openDatabase({ url, max: 6 }), base)
// Who is killed leaves the next nothing that it compiled.
flushCompileCache()
const outcome = await runPlan(desk, { plan, by: person('SCH-1') })
process.exit(outcome.ok && outcome.ended === 'done' ? 0 : 3)

import type { StoredEvent } from '@varco/access-log'
import type { ContractId } from '@varco/core'
import {
  agreedClosings,
  declarationsDigest,
  monthAt,
  unsignedIn,
  workKeyDigest,
  type Assignment,
  type DeclaredMonth,
  type ToldClosings,
} from '@varco/engagement'
import { openWorkStore } from '@varco/postgres'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { everyEventOf, workDesk } from '../compose/declared-work.ts'
import { recordReading } from '../compose/record-reading.ts'
import { openServices } from '../compose/services.ts'
import { withPseudonym, type ByOptions } from './by-option.ts'
import { readMonth } from './report-options.ts'

interface CheckOptions extends ByOptions {
  readonly contract: string
  readonly from: string
  readonly to: string
}

export function registerWorkCheck(work: Command, run: Run): void {
  withPseudonym(
    work
      .command('check')
      .description(
        'whether declared work is as the log has it: one key a month, nothing put in, changed or gone; exit 1 if not',
      )
      .requiredOption('--contract <id>', 'the contract')
      .requiredOption('--from <month>', 'first month, such as 2026-01', readMonth)
      .requiredOption('--to <month>', 'last month, such as 2026-11', readMonth),
  )
    .addHelpText(
      'after',
      '\nExample:\n  $ varco work check --contract aurispola-2026 --from 2026-01 --to 2026-11 --by DPO-1',
    )
    .action((options: CheckOptions) => run(checkWork(options)))
}

/** What may be wrong with a month, in a sentence. */
const FAULTS = {
  'key-not-logged': 'the log tells of no such key',
  'several-keys': 'the log tells of several keys: workers may have been marked',
  'not-as-closed': 'the declarations are not those the log closed the month with',
  'closed-again': 'the log closes the month more than once, with different declarations',
  'month-gone': 'the log tells of the month, and nothing of it is kept',
  unsigned: 'there are declarations whose token the key has not signed',
  'more-than-workers': 'there are more declarations than people who worked under the contract in the month',
} as const
type Fault = keyof typeof FAULTS

function checkWork({ contract, from, to, by }: CheckOptions): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'work') })
    const store = openWorkStore(services.databases.state)
    const months = await store.declared(contract as ContractId, from, to)
    await recordReading(services, by, { work: contract, months: months.length })
    const [announced, closings] = await Promise.all([
      everyEventOf(services.reader, 'work-key-made', contract),
      everyEventOf(services.reader, 'work-month-closed', contract),
    ])
    const { time_zone: timeZone } = services.policy.current().document.varco
    const { assignments } = await services.people.everyone()
    const ofContract = assignments.filter((each) => each.contract === contract)
    const { closings: told } = workDesk(services, services.commandLog)
    const kept = await Promise.all(
      months.map(async (month) => {
        const unsigned = month.closed === null ? 0 : unsignedIn(month)
        const workers = workersIn(ofContract, month.month, timeZone)
        const closings = await told.of(month)
        return {
          month: month.month,
          faults: faultsOf(month, { announced, closings, unsigned, workers }),
          anew: anewOf(closings),
        }
      }),
    )
    const gone = monthsIn([...announced, ...closings], from, to)
      .filter((month) => !months.some((each) => each.month === month))
      .map((month) => ({ month, faults: ['month-gone'] as const, anew: null }))
    const found = [...kept, ...gone].toSorted((a, b) => (a.month < b.month ? -1 : 1))
    const lines = found.map(({ month, faults, anew }) => {
      const said = faults.length === 0 ? 'as the log has it' : faults.map((fault) => FAULTS[fault]).join('; ')
      const also = anew === null ? '' : `; closed anew by ${anew.by.join(' and ')}, entry ${anew.event}`
      return `${month}  ${said}${also}`
    })
    output.answer(
      found.map(({ month, faults, anew }) => ({ month, faults, anew })),
      lines.length === 0 ? 'no month of this contract has been opened' : lines.join('\n'),
    )
    return found.every(({ faults }) => faults.length === 0) ? 0 : 1
  }
}

function faultsOf(
  { month, publicKey, closed, declarations }: DeclaredMonth,
  {
    announced,
    closings,
    unsigned,
    workers,
  }: {
    readonly announced: readonly StoredEvent[]
    readonly closings: ToldClosings
    readonly unsigned: number
    readonly workers: number
  },
): readonly Fault[] {
  const digests = new Set(
    announced.filter(({ detail }) => detail?.['month'] === month).map(({ detail }) => detail?.['key']),
  )
  // What the row says of its closing can be changed with the rest of it: the log alone counts.
  const agreed = agreedClosings(closings)
  const standing = agreed.at(-1)
  const isAgain = closings.closed.some((each) => agreed.every(({ declared }) => declared !== each.declared))
  return [
    ...(digests.has(workKeyDigest(publicKey)) ? [] : (['key-not-logged'] as const)),
    ...(digests.size > 1 ? (['several-keys'] as const) : []),
    ...((standing === undefined && closed === null) || standing?.declared === declarationsDigest(declarations)
      ? []
      : (['not-as-closed'] as const)),
    ...(isAgain ? (['closed-again'] as const) : []),
    ...(unsigned > 0 ? (['unsigned'] as const) : []),
    ...(declarations.length > workers ? (['more-than-workers'] as const) : []),
  ]
}

/** Who closed the month anew, and where the log says so. */
function anewOf(closings: ToldClosings): { readonly by: readonly string[]; readonly event: string } | null {
  const standing = agreedClosings(closings).at(-1)
  const first = closings.asked.find(({ event }) => event === standing?.asked)
  if (standing === undefined || first === undefined) return null
  return { by: [first, standing].flatMap(({ by }) => by ?? []), event: standing.event }
}

/** How many people had work under the contract at some time of the month, by the body's calendar. */
function workersIn(assignments: readonly Assignment[], month: string, timeZone: string): number {
  const isIn = ({ from, to }: Assignment): boolean =>
    monthAt(from, timeZone) <= month && (to === null || monthAt(to - 1n, timeZone) >= month)
  return new Set(assignments.filter(isIn).map(({ operator }) => operator)).size
}

/** The months from one to another that events are about, each once. */
function monthsIn(events: readonly StoredEvent[], from: string, to: string): readonly string[] {
  const months = events.flatMap(({ detail }) => {
    const month = detail?.['month']
    return typeof month === 'string' && from <= month && month <= to ? [month] : []
  })
  return [...new Set(months)]
}

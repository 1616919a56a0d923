import { asId, microsToIso, type ContractId } from '@varco/core'
import {
  CONTRACT_MOVE_NAMES,
  exitDossier,
  moveContract,
  type ContractMoveName,
  type WantedMove,
} from '@varco/engagement'
import { Argument, type Command } from 'commander'
import { asJson } from '../as-json.ts'
import type { CommandWork, Run } from '../command-context.ts'
import { dayIn } from '../day-in.ts'
import { namedActor, openContractDesk } from '../compose/contract-desk.ts'
import { registerContractExit } from './contract-exit.ts'

interface MoveOptions {
  readonly by: string
  readonly reason: string
  readonly successor?: string
  readonly insolvent?: true
}

export function registerContract(program: Command, run: Run): void {
  const contract = program
    .command('contract')
    .description('contracts: how they stand, their end and their exit')
  contract
    .command('list')
    .description(
      'every contract of the bundle, its state and what its exit still lacks; exit 1 if one is late',
    )
    .addHelpText('after', '\nExample:\n  $ varco contract list')
    .action(() => run(listWork))
  withMove(
    contract
      .command('terminate')
      .description(
        'end all access under a contract, on every node within two seconds, and open its exit; two people, each with this command',
      )
      .argument('<contract>', 'its id in the bundle'),
  )
    .option('--successor <contract>', 'who goes on with the open tickets (default: the body itself)')
    .option('--insolvent', 'an insolvency: one person is enough')
    .addHelpText(
      'after',
      '\nExample:\n  $ varco contract terminate brumalba-2022 --insolvent --successor aurispola-2026 --by GSE-4T2KQ --reason "judgment 114/2026"',
    )
    .action((id: string, options: MoveOptions) =>
      run(moveWork(id, options.insolvent === true ? 'declare-insolvent' : 'terminate', options)),
    )
  const others = CONTRACT_MOVE_NAMES.filter((name) => name !== 'terminate' && name !== 'declare-insolvent')
  withMove(
    contract
      .command('step')
      .description(
        'take another step of a contract’s life; where two people are needed, the second gives the same command',
      )
      .addArgument(new Argument('<step>', 'which').choices(others))
      .argument('<contract>', 'its id in the bundle'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  $ varco contract step give-notice aurispola-2026 --by GSE-4T2KQ --reason "not renewed, letter 22/2028"',
    )
    .action((step: ContractMoveName, id: string, options: MoveOptions) => run(moveWork(id, step, options)))
  registerContractExit(contract, run)
}

function withMove(command: Command): Command {
  return command
    .requiredOption('--by <pseudonym>', 'who does it')
    .requiredOption('--reason <text>', 'why; kept with the contract, not in the log')
}

function moveWork(id: string, move: ContractMoveName, options: MoveOptions): CommandWork {
  return async ({ config, output }) => {
    await using open = await openContractDesk(config)
    const { desk, occasion } = open
    const wanted: WantedMove = {
      contract: asId<ContractId>(id),
      move,
      reason: options.reason,
      successor: options.successor === undefined ? null : asId<ContractId>(options.successor),
    }
    const outcome = await moveContract(desk, occasion, await namedActor(open, options.by), wanted)
    if (!outcome.ok) {
      output.problem(outcome.text.en)
      return 1
    }
    const { effects, state, taken } = outcome
    const lines = taken
      ? [
          `${id} is ${state} since ${microsToIso(occasion.now)}`,
          ...(effects === null
            ? []
            : [`${effects.ticketsMoved} open tickets went on, ${effects.grantsRevoked} grants were revoked`]),
        ]
      : [`${id} stays ${state}: a second person must give the same command`]
    output.answer(asJson({ contract: id, state, taken, effects, event: outcome.event }), lines.join('\n'))
    return 0
  }
}

const listWork: CommandWork = async ({ config, output }) => {
  await using open = await openContractDesk(config)
  const { desk, occasion } = open
  const day = (at: bigint): string => dayIn(occasion.bundle.document.varco.time_zone, at)
  const rows = await Promise.all(
    [...occasion.bundle.contracts.values()].map(async ({ id, processor, to }) => {
      const [live, dossier, proposal] = await Promise.all([
        desk.store.contractState(id),
        exitDossier(desk, id, occasion.now),
        desk.store.proposal(id),
      ])
      return {
        contract: id,
        processor,
        last_day: day(to - 1n),
        state: live?.state ?? 'unknown',
        since: live === null ? null : day(live.since),
        waits_for_second: proposal?.move ?? null,
        exit:
          dossier === null
            ? null
            : {
                due: day(dossier.exit.dueAt),
                missing: dossier.missing.length,
                copies_left: dossier.copiesLeft,
                overdue: dossier.overdue,
              },
      }
    }),
  )
  const lines = rows.map(({ contract, state, since, exit, waits_for_second: waits }) =>
    [
      contract.padEnd(20),
      state.padEnd(10),
      since?.padEnd(10) ?? '-'.padEnd(10),
      ...(waits === null ? [] : [`${waits} waits for a second person`]),
      ...(exit === null
        ? []
        : [
            `exit by ${exit.due}${exit.overdue ? output.style.red(' (late)') : ''}: ${exit.missing} declarations and ${exit.copies_left} copies to come`,
          ]),
    ].join('  '),
  )
  output.answer(asJson(rows), lines.join('\n'))
  return rows.some(({ exit }) => exit?.overdue === true) ? 1 : 0
}

import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import {
  adoptLogKeys,
  approvePrune,
  loadLogKeys,
  nextLogKeys,
  openPruneProposal,
  verifiersOf,
  PRUNE_APPROVALS,
  pruneBefore,
  PruneRefusedError,
  pruneLog,
  rotateKeys,
  writeLogKeys,
  type ProposalRefusal,
  type PruneProposal,
} from '@varco/access-log'
import { isoToMicros, mayBeSamePerson, type Micros, microsToIso } from '@varco/core'
import { InvalidArgumentError, type Command } from 'commander'
import type { CommandContext, CommandWork, Run } from '../command-context.ts'
import { openRetentionStore } from '@varco/postgres'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { unlessMonthsHeld } from '../compose/held-months.ts'
import { proposalReading } from '../compose/log-term.ts'
import { openServices } from '../compose/services.ts'
import type { ExitCode } from '../output.ts'
import { readPseudonym } from './report-options.ts'

interface PruneOptions {
  readonly by: string
  readonly approver: string
  readonly before?: Micros
}

export function registerLogUpkeep(log: Command, run: Run): void {
  log
    .command('prune')
    .description('drop the months that the bundle’s floor no longer protects; what remains still verifies')
    .requiredOption('--by <pseudonym>', 'who prunes; it goes into the log', readPseudonym)
    .requiredOption('--approver <pseudonym>', 'the second person', readPseudonym)
    .option('--before <month>', 'keep from this month on (default: as much as the floor demands)', readMonth)
    .addHelpText('after', '\nExample:\n  $ varco log prune --by ADMIN-1 --approver DPO-1')
    .action((options: PruneOptions) => run(pruneWork(options)))
  log
    .command('prune-proposal')
    .description(
      'the prune that is proposed because the log is past the bundle’s ceiling, and who has agreed; two people must, then the scheduler prunes',
    )
    .option('--agree <event>', 'agree to the proposal of this name')
    .option('--by <pseudonym>', 'who agrees; it goes into the log', readPseudonym)
    .addHelpText('after', '\nExample:\n  $ varco log prune-proposal --agree scheduler-1.1.42 --by DPO-1')
    .action((options: ProposalOptions) => run(proposalWork(options)))
  log
    .command('rotate-keys')
    .description(
      'change the signing key: every tree’s epoch ends, and serving processes must be started again',
    )
    .addHelpText('after', '\nExample:\n  $ varco log rotate-keys')
    .action(() => run(rotateWork))
}

function readMonth(value: string): Micros {
  const start = /^\d{4}-\d{2}$/.test(value) ? isoToMicros(`${value}-01T00:00:00Z`) : null
  if (start === null) throw new InvalidArgumentError('a month is written 2024-11')
  return start
}

function pruneWork({ by, approver, before: wanted }: PruneOptions): CommandWork {
  return async ({ config, output }) => {
    if (mayBeSamePerson(by, approver)) {
      output.problem('nobody approves their own prune: --by and --approver must be two people')
      return 2
    }
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'log') })
    const { logStore, keys, clock, anchors, policy, reader, databases } = services
    const { floor, because } = policy.current().document.varco.log
    const latest = pruneBefore(clock.now(), floor)
    const before = wanted ?? latest
    if (before > latest) {
      output.problem(
        `the bundle keeps events at least ${floor}: nothing after ${microsToIso(latest).slice(0, 7)} may go`,
      )
      return 1
    }
    try {
      const { trees } = await pruneLog({
        ...{ store: logStore, reading: logStore, pruning: logStore, keys: keys.log, clock, anchors, before },
        unlessHeld: unlessMonthsHeld(reader, openRetentionStore(databases.state)),
        ...{
          rule: `log floor ${floor}: ${because.trim()}`,
          approver,
          operator: by,
          newRequestId: randomUUID,
        },
        verifierKeys: verifiersOf(keys.log),
        scanner: logStore.scanner(),
      })
      output.answer(
        { before: microsToIso(before), trees: trees.map((tree) => ({ ...tree })) },
        [
          `pruned before ${microsToIso(before).slice(0, 7)}`,
          ...trees.map(({ writer, epoch, size }) => `  ${writer}/${epoch}  ${size} events gone`),
        ].join('\n'),
      )
      return 0
    } catch (error) {
      if (!(error instanceof PruneRefusedError)) throw error
      output.problem(`nothing was pruned: ${error.message}`)
      return 1
    }
  }
}

interface ProposalOptions {
  readonly agree?: string
  readonly by?: string
}

const REFUSED: Readonly<Record<ProposalRefusal, string>> = {
  unknown: 'no proposal of this name is open',
  'same-person': 'whoever proposed it or has agreed already cannot agree: it takes two other people',
  approved: 'two people have agreed already',
}

function proposalWork({ agree, by }: ProposalOptions): CommandWork {
  return async ({ config, output }) => {
    if ((agree === undefined) !== (by === undefined)) {
      output.problem('--agree and --by go together')
      return 2
    }
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'log') })
    const proposals = proposalReading(services)
    const access = { ...proposals, log: services.commandLog, newRequestId: randomUUID }
    const proposal =
      agree === undefined || by === undefined
        ? await openPruneProposal(proposals)
        : await approvePrune(access, { proposal: agree, by })
    if (typeof proposal === 'string') {
      output.problem(REFUSED[proposal])
      return 1
    }
    output.answer(
      {
        proposal: proposal && {
          ...proposal,
          before: microsToIso(proposal.before),
          approvals: [...proposal.approvals],
        },
      },
      proposal === null ? 'no prune is proposed' : proposalText(proposal),
    )
    return 0
  }
}

function proposalText({ id, before, rule, approvals }: PruneProposal): string {
  const agreed = approvals.length === 0 ? 'nobody has agreed yet' : `agreed: ${approvals.join(', ')}`
  const next =
    approvals.length < PRUNE_APPROVALS
      ? `two people must agree: varco log prune-proposal --agree ${id} --by <pseudonym>`
      : 'the scheduler prunes within a minute, or again the day after where that was refused'
  return [`${id}: everything before ${microsToIso(before).slice(0, 7)} is to go`, rule, agreed, next].join(
    '\n',
  )
}

async function rotateWork({ config, output }: CommandContext): Promise<ExitCode> {
  await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'log') })
  const { logStore, keys, clock, anchors, home } = services
  // The next key is on disk before the first tree is closed for it: killed in between, the command is run again.
  const prepared = path.join(home.keys, 'next')
  if (!existsSync(prepared)) await writeLogKeys(prepared, nextLogKeys(keys.log))
  const next = await loadLogKeys(prepared)
  await rotateKeys({ store: logStore, reading: logStore, keys: keys.log, next, clock, anchors })
  await adoptLogKeys(home.keys, prepared)
  output.answer({ verifier: next.verifier, former: [...next.former] }, next.verifier)
  return 0
}

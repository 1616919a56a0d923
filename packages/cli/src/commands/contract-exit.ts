import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { asId, microsToIso, type ContractId } from '@varco/core'
import {
  chooseDisposal,
  COPY_ENDS,
  declareExit,
  EXIT_PARTIES,
  exitDossier,
  settleCopy,
  type CopyEnd,
  type ExitDossier,
  type ExitPartyKind,
} from '@varco/engagement'
import { Argument, Option, type Command } from 'commander'
import { asJson } from '../as-json.ts'
import type { CommandWork, Run } from '../command-context.ts'
import { dayIn } from '../day-in.ts'
import { namedActor, openContractDesk } from '../compose/contract-desk.ts'

interface DeclareOptions {
  readonly by: string
  readonly party: ExitPartyKind
  readonly name: string
  readonly document: string
  readonly signedOn: string
}

interface SettleOptions {
  readonly by: string
  readonly how: CopyEnd
  readonly reason: string
}

export function registerContractExit(contract: Command, run: Run): void {
  contract
    .command('exit')
    .description('the exit of a contract: what was done, what is still to come; exit 1 while something is')
    .argument('<contract>', 'its id in the bundle')
    .addHelpText('after', '\nExample:\n  $ varco contract exit brumalba-2022')
    .action((id: string) => run(exitWork(id)))
  contract
    .command('choose')
    .description('the controller’s choice for an exit')
    .argument('<contract>', 'its id in the bundle')
    .addArgument(new Argument('<choice>', 'what happens to the data').choices(['return', 'deletion']))
    .requiredOption('--by <pseudonym>', 'who chooses for the controller')
    .addHelpText('after', '\nExample:\n  $ varco contract choose brumalba-2022 deletion --by GSE-4T2KQ')
    .action((id: string, choice: 'return' | 'deletion', { by }: { by: string }) =>
      run(chooseWork(id, choice, by)),
    )
  contract
    .command('declare')
    .description(
      'record a signed declaration that nothing is kept; the document stays where it is, its hash is recorded, its signature is not checked',
    )
    .argument('<contract>', 'its id in the bundle')
    .addOption(new Option('--party <kind>', 'who signed').choices(EXIT_PARTIES).makeOptionMandatory())
    .requiredOption('--name <company>', 'its name, as the bundle has it')
    .requiredOption('--document <file>', 'the signed document')
    .requiredOption('--signed-on <day>', 'the day it was signed, 2026-03-29')
    .requiredOption('--by <pseudonym>', 'who records it')
    .addHelpText(
      'after',
      '\nExample:\n  $ varco contract declare brumalba-2022 --party curator --name "Brumalba Servizi S.r.l." --document curator.pdf.p7m --signed-on 2026-02-01 --by GSE-4T2KQ',
    )
    .action((id: string, options: DeclareOptions) => run(declareWork(id, options)))
  contract
    .command('settle')
    .description('record what became of a copy that left as a file')
    .argument('<copy>', 'its number, as in its watermark')
    .addOption(new Option('--how <end>', 'what became of it').choices(COPY_ENDS).makeOptionMandatory())
    .requiredOption('--reason <text>', 'how one knows, or why it may stay')
    .requiredOption('--by <pseudonym>', 'who records it')
    .addHelpText(
      'after',
      '\nExample:\n  $ varco contract settle C-7d3f --how deleted --reason "declaration of 2026-02-01, p. 2" --by GSE-4T2KQ',
    )
    .action((copy: string, options: SettleOptions) => run(settleWork(copy, options)))
}

function exitWork(id: string): CommandWork {
  return async ({ config, output }) => {
    await using open = await openContractDesk(config)
    const dossier = await exitDossier(open.desk, asId<ContractId>(id), open.occasion.now)
    if (dossier === null) {
      output.problem('no exit of this contract was opened')
      return 1
    }
    output.answer(asJson(dossier), dossierText(dossier, open.occasion.bundle.document.varco.time_zone))
    return dossier.missing.length + dossier.copiesLeft === 0 && dossier.exit.choice !== null ? 0 : 1
  }
}

function dossierText(
  { exit, state, moves, missing, copies, overdue }: ExitDossier,
  timeZone: string,
): string {
  const day = (at: bigint): string => dayIn(timeZone, at)
  return [
    `${exit.contract}: ${exit.cause}, opened ${day(exit.openedAt)} by ${exit.openedBy}, due ${day(exit.dueAt)}${overdue ? ' (late)' : ''}; now ${state ?? 'unknown'}`,
    `${exit.ticketsMoved} tickets went to ${exit.successor ?? 'the body itself'}, ${exit.grantsRevoked} grants were revoked`,
    exit.choice === null
      ? 'the controller has not chosen yet'
      : `the controller chose ${exit.choice.kind}, ${day(exit.choice.at)}, ${exit.choice.by}`,
    ...exit.declarations.map(
      ({ kind, name, signedOn }) => `declared: ${kind} ${name}, signed ${signedOn} (signature not checked)`,
    ),
    ...missing.map(({ kind, name }) => `to come: the declaration of the ${kind} ${name}`),
    ...copies
      .filter(({ settled }) => settled === null)
      .map((copy) => `to come: what became of copy ${copy.id}, made ${day(copy.madeAt)} by ${copy.owner}`),
    ...moves.map(
      ({ move, at, by, second }) =>
        `${microsToIso(at)}  ${move}  ${by}${second === null ? '' : ` and ${second}`}`,
    ),
  ].join('\n')
}

function chooseWork(id: string, choice: 'return' | 'deletion', by: string): CommandWork {
  return async ({ config, output }) => {
    await using open = await openContractDesk(config)
    const actor = await namedActor(open, by)
    const outcome = await chooseDisposal(open.desk, open.occasion, actor, asId<ContractId>(id), choice)
    if (!outcome.ok) {
      output.problem(outcome.text.en)
      return 1
    }
    output.answer(
      asJson(outcome.exit),
      `${id}: ${choice}, by ${dayIn(open.occasion.bundle.document.varco.time_zone, outcome.exit.dueAt)}`,
    )
    return 0
  }
}

function declareWork(
  id: string,
  { by, document: file, name, party: kind, signedOn }: DeclareOptions,
): CommandWork {
  return async ({ config, output }) => {
    await using open = await openContractDesk(config)
    const hash = createHash('sha256')
    await pipeline(createReadStream(file), hash)
    const actor = await namedActor(open, by)
    const declared = { kind, name, document: hash.digest('hex'), signedOn }
    const outcome = await declareExit(open.desk, open.occasion, actor, asId<ContractId>(id), declared)
    if (!outcome.ok) {
      output.problem(outcome.text.en)
      return 1
    }
    output.answer(
      asJson(outcome.exit),
      `recorded: ${kind} ${name}, SHA-256 ${declared.document}; the signature itself was not checked`,
    )
    return 0
  }
}

function settleWork(copy: string, { by, how, reason }: SettleOptions): CommandWork {
  return async ({ config, output }) => {
    await using open = await openContractDesk(config)
    const actor = await namedActor(open, by)
    const desk = { ledger: open.services.copies, log: open.desk.log }
    const outcome = await settleCopy(desk, open.occasion, actor, copy, { how, reason })
    if (!outcome.ok) {
      output.problem(outcome.text.en)
      return 1
    }
    output.answer(asJson(outcome.copy), `${copy}: ${how}`)
    return 0
  }
}

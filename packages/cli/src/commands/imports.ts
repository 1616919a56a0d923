import { randomInt } from 'node:crypto'
import { asId, type ContractId, type Pseudonym } from '@varco/core'
import {
  importPeople,
  importTickets,
  PEOPLE_COLUMNS,
  TICKET_COLUMNS,
  type ImportReport,
  type LifeRefused,
  type OperatorIdentity,
} from '@varco/engagement'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { namedActor, openContractDesk, type ContractDesk } from '../compose/contract-desk.ts'
import { openVault } from '../compose/identities.ts'
import type { ExitCode, Output } from '../output.ts'
import { answerImport, readTableFile } from './import-table.ts'

export function registerImports(program: Command, run: Run): void {
  program
    .command('operator')
    .description('people and what they work on')
    .command('import')
    .description(
      'from a table: issuer, sub, kind, contract, role, unit, pseudonym, from, to, regions; all rows or none',
    )
    .argument('<file>', 'CSV as spreadsheets write it: commas, semicolons or tabs, UTF-8 or Windows-1252')
    .requiredOption('--by <pseudonym>', 'who imports them')
    .addHelpText('after', '\nExample:\n  $ varco operator import aurispola-people.csv --by GSE-4T2KQ')
    .action((file: string, { by }: { by: string }) => run(peopleWork(file, by)))
  program
    .command('ticket')
    .description('tickets of contractors’ systems')
    .command('import')
    .description('from a table: id, at, status, data_subject, purpose, category, price; all rows or none')
    .argument('<file>', 'CSV as spreadsheets write it: commas, semicolons or tabs, UTF-8 or Windows-1252')
    .requiredOption('--contract <id>', 'whose tickets they are; "internal" for the body’s own')
    .requiredOption('--by <pseudonym>', 'who imports them')
    .addHelpText(
      'after',
      '\nExample:\n  $ varco ticket import march.csv --contract aurispola-2026 --by GSE-4T2KQ',
    )
    .action((file: string, options: { contract: string; by: string }) =>
      run(ticketsWork(file, options.contract, options.by)),
    )
}

function peopleWork(file: string, by: string): CommandWork {
  return async ({ config, output }) => {
    const table = await readTableFile(file, PEOPLE_COLUMNS)
    await using open = await openContractDesk(config)
    const { services, desk, occasion } = open
    const vault = await openVault(services, services.commandLog)
    const people = {
      directory: services.people,
      writer: services.engagementWriter,
      log: desk.log,
      newPseudonym: (contract: ContractId | null) => newPseudonym(open, contract),
      hide: services.hide,
      seal: (pseudonym: Pseudonym, identity: OperatorIdentity) => vault.seal(pseudonym, identity),
    }
    return told(await importPeople(people, occasion, await namedActor(open, by), table), output)
  }
}

function ticketsWork(file: string, contract: string, by: string): CommandWork {
  return async ({ config, output }) => {
    const table = await readTableFile(file, TICKET_COLUMNS)
    await using open = await openContractDesk(config)
    const { services, desk, occasion } = open
    const id = contract === 'internal' ? null : asId<ContractId>(contract)
    if (id !== null && !occasion.bundle.contracts.has(id)) {
      output.problem('the contract is not in the policy in force')
      return 2
    }
    const tickets = {
      store: services.tickets,
      log: desk.log,
      unknownDataSubjects: (keys: readonly string[]) => unknownDataSubjects(open, keys),
    }
    return told(await importTickets(tickets, occasion, await namedActor(open, by), id, table), output)
  }
}

function told(report: ImportReport | LifeRefused, output: Output): ExitCode {
  if ('imported' in report) return answerImport(report, output)
  output.problem(report.text.en)
  return 1
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 6

/** Drawn by chance: nothing of the person, nor of a pseudonym they had before, is in it. */
function newPseudonym({ occasion }: ContractDesk, contract: ContractId | null): Pseudonym {
  const { controller } = occasion.bundle.document.varco
  const owner =
    contract === null ? controller.id : (occasion.bundle.contracts.get(contract)?.processor ?? 'x')
  const drawn = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)] ?? '0')
  return asId(`${owner.slice(0, 3).toUpperCase()}-${drawn.join('')}`)
}

const BATCH = 500

async function unknownDataSubjects(
  { services, occasion }: ContractDesk,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const unknown = new Set(keys)
  const kinds = Object.keys(occasion.bundle.document.varco.data_subjects)
  for (const kind of kinds) {
    const left = [...unknown]
    for (let start = 0; start < left.length; start += BATCH) {
      const found = await services.subjectRecords.named(
        occasion.bundle,
        kind,
        left.slice(start, start + BATCH),
      )
      for (const { ref } of found) unknown.delete(ref.id)
    }
  }
  return unknown
}

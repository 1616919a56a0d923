import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { homeOf } from '../compose/home.ts'
import { readActivators } from '../compose/install-bundle.ts'
import { openDatabases } from '../compose/open-databases.ts'
import { prepare } from '../compose/prepare.ts'

interface MigrateOptions {
  readonly author?: string
  readonly approver?: string
}

export function registerMigrate(program: Command, run: Run): void {
  program
    .command('migrate')
    .description(
      'bring Varco’s tables up to date; the first time also make its keys and put the bundle in force',
    )
    .option('--author <name>', 'who wrote the first bundle (pseudonym)')
    .option('--approver <name>', 'who approves it; not the author')
    .addHelpText(
      'after',
      '\nExample:\n  $ DATABASE_URL=postgres://varco@db.example/varco varco migrate --author ADM-1 --approver DPO-1',
    )
    .action((options: MigrateOptions) => run(migrateWork(options)))
}

function migrateWork(options: MigrateOptions): CommandWork {
  return async ({ config, output }) => {
    const activators = readActivators(options)
    const home = homeOf(config)
    await using databases = await openDatabases(config, home)
    const prepared = await prepare(config, databases, activators, output)
    if (prepared === null) return 1
    const version = prepared.policyVersion.slice(0, 12)
    const lines = [
      'the tables are up to date',
      ...(prepared.newKeys
        ? [`new keys are in ${home.keys}: keep a copy safe, without them the log cannot be verified`]
        : []),
      prepared.installed ? `the bundle ${version} is in force` : `the bundle ${version} stays in force`,
    ]
    output.answer({ ...prepared }, lines.join('\n'))
    return 0
  }
}

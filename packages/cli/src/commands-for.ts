import type { Command } from 'commander'
import type { Run } from './command-context.ts'

type Register = (program: Command, run: Run) => void

const imports = async (): Promise<Register> => (await import('./commands/imports.ts')).registerImports

/** In the order in which help lists them. Loaded when asked for: all together are two thousand files, one alone a few hundred. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  demo: async () => (await import('./commands/demo.ts')).registerDemo,
  serve: async () => (await import('./commands/serve.ts')).registerServe,
  migrate: async () => (await import('./commands/migrate.ts')).registerMigrate,
  policy: async () => (await import('./commands/policy.ts')).registerPolicy,
  contract: async () => (await import('./commands/contract.ts')).registerContract,
  grant: async () => (await import('./commands/grant.ts')).registerGrant,
  operator: imports,
  ticket: imports,
  identity: async () => (await import('./commands/identity.ts')).registerIdentity,
  log: async () => (await import('./commands/log.ts')).registerLog,
  report: async () => (await import('./commands/report.ts')).registerReport,
  request: async () => (await import('./commands/request.ts')).registerRequest,
  alerts: async () => (await import('./commands/alerts.ts')).registerAlerts,
  retention: async () => (await import('./commands/retention.ts')).registerRetention,
  work: async () => (await import('./commands/work.ts')).registerWork,
  token: async () => (await import('./commands/token.ts')).registerToken,
}

/** What registers the command that the line names; all of them for whoever asks what there is, or misspells one. */
export async function commandsFor(argv: readonly string[]): Promise<readonly Register[]> {
  const word = commandIn(argv)
  const named = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined
  const loads = named === undefined ? new Set(Object.values(COMMANDS)) : [named]
  return Promise.all([...loads].map((load) => load()))
}

/** Empty where the line names none. */
export function commandIn(argv: readonly string[]): string {
  return argv.find((argument) => !argument.startsWith('-')) ?? ''
}

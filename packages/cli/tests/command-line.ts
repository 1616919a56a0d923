import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { runVarco } from '@varco/cli'
import type { Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { inject } from 'vitest'

export const POLICIES = path.join(import.meta.dirname, '../../../policies')

/** What a command came to. */
export interface Said {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** The `varco` command over an empty database and an empty home of its own, both gone with it. */
export interface CommandLine extends AsyncDisposable {
  /** A folder for the test's files; the home lies in it. */
  readonly dir: string
  readonly database: Database
  readonly varco: (...argv: readonly string[]) => Promise<Said>
  /** Its settings. */
  readonly env: Readonly<Record<string, string>>
  /** With settings besides the usual. */
  readonly varcoWith: (more: Readonly<Record<string, string>>, ...argv: readonly string[]) => Promise<Said>
}

export function openCommandLine(): Promise<CommandLine> {
  return commandLineOver({ migrated: false })
}

async function commandLineOver(options: { migrated: boolean }): Promise<CommandLine> {
  const dir = await mkdtemp(path.join(tmpdir(), 'varco-command-'))
  const database = await scratchDatabase(inject('serverUrl'), options)
  const env = {
    VARCO_HOME: path.join(dir, 'home'),
    VARCO_LOG_LEVEL: 'silent',
    VARCO_POLICIES: POLICIES,
    DATABASE_URL: database.url,
  }
  const varcoWith: CommandLine['varcoWith'] = async (more, ...argv) => {
    const out = new PassThrough()
    const err = new PassThrough()
    const said = Promise.all([text(out), text(err)])
    const exitCode = await runVarco(argv, {
      env: { ...env, ...more },
      out,
      err,
      stop: new AbortController().signal,
    })
    out.end()
    err.end()
    const [stdout, stderr] = await said
    return { exitCode, stdout, stderr }
  }
  return {
    ...{ dir, database, env, varcoWith },
    varco: (...argv) => varcoWith({}, ...argv),
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]()
      await rm(dir, { recursive: true })
    },
  }
}

/** The same over a database that has its schema, once `varco migrate` has put the sample policies in force. */
export async function openMigratedCommandLine(): Promise<CommandLine> {
  const line = await commandLineOver({ migrated: true })
  const { exitCode, stderr } = await line.varco('migrate', '--author', 'ADM-1', '--approver', 'DPO-1')
  if (exitCode !== 0) throw new Error(stderr)
  return line
}

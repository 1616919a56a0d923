import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import {
  EXPORT_FORMATS,
  exportLog,
  type Appended,
  type EventDraft,
  type ExportFormat,
} from '@varco/access-log'
import { asId, type Pseudonym } from '@varco/core'
import { makeCopy } from '@varco/engagement'
import { Option, type Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { openServices } from '../compose/services.ts'
import { queryOf, withLogQuery, type LogQueryOptions } from './log-query.ts'

interface ExportOptions extends LogQueryOptions {
  readonly format: ExportFormat
  readonly out: string
  readonly reason: string
}

export function registerLogExport(log: Command, run: Run): void {
  withLogQuery(
    log
      .command('export')
      .description('write events to a file; recorded first, and every line carries the record’s name'),
  )
    .addOption(
      new Option('--format <format>', 'table, lines of JSON, or for a SIEM')
        .choices(EXPORT_FORMATS)
        .default('csv'),
    )
    .requiredOption('--out <file>', 'where to write; an existing file is not overwritten')
    .requiredOption('--reason <text>', 'why; it goes into the log')
    .addHelpText(
      'after',
      '\nExample:\n  $ varco log export --contract nord-2026 --format jsonl --out audit.jsonl --by DPO-1 --reason "yearly audit"',
    )
    .action((options: ExportOptions) => run(exportWork(options)))
}

function exportWork(options: ExportOptions): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'log') })
    const { reader, commandLog } = services
    const query = queryOf(options, services.policy.current().document.varco.time_zone)
    const { format, out, by, reason } = options
    const file = createWriteStream(out, { flags: 'wx', mode: 0o600 })
    const opened = await new Promise<boolean>((resolve) => {
      file.once('open', () => {
        resolve(true)
      })
      file.once('error', () => {
        resolve(false)
      })
    })
    if (!opened) {
      output.problem('the file to export to exists already or cannot be written')
      return 1
    }
    const now = services.clock.now()
    const log = {
      append: async (draft: EventDraft): Promise<Appended> => {
        const entry = await commandLog.append(draft)
        const copy = { kind: 'log', contract: null, processor: null, owner: asId<Pseudonym>(by) } as const
        // Written down before any of it is in the file.
        await services.copies.addCopy(
          makeCopy(services.policy.current(), now, entry.id, { ...copy, purpose: null, records: null }),
        )
        return entry
      },
    }
    await pipeline(
      exportLog({ reader, log, query, format, requestId: randomUUID(), operator: by, reason }),
      file,
    )
    output.answer({ file: out, format }, out)
    return 0
  }
}

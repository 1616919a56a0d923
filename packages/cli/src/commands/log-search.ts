import { randomUUID } from 'node:crypto'
import { actDraft, queryTraces, type StoredEvent } from '@varco/access-log'
import { microsToIso } from '@varco/core'
import { InvalidArgumentError, type Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { openServices } from '../compose/services.ts'
import { queryOf, withLogQuery, type LogQueryOptions } from './log-query.ts'

interface SearchOptions extends LogQueryOptions {
  readonly limit: number
  readonly after?: string
}

export function registerLogSearch(log: Command, run: Run): void {
  withLogQuery(
    log.command('search').description('find events, newest first; reading the log is an event too'),
  )
    .option('--limit <n>', 'events to a page, at most 500', readLimit, 50)
    .option('--after <place>', 'go on where the page before ended')
    .addHelpText(
      'after',
      '\nExample:\n  $ varco log search --subject producer:P-17 --from 2026-01-01 --by DPO-1',
    )
    .action((options: SearchOptions) => run(searchWork(options)))
}

function readLimit(value: string): number {
  const limit = Number(value)
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    throw new InvalidArgumentError('a page has 1 to 500 events')
  return limit
}

function searchWork(options: SearchOptions): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'log') })
    const query = queryOf(options, services.policy.current().document.varco.time_zone)
    const { filters, disclosures, asked } = queryTraces(query, 'search')
    await services.commandLog.append(
      actDraft('log-read', {
        requestId: randomUUID(),
        operator: options.by,
        action: 'search',
        ...{ filters, disclosures, detail: { query: asked } },
      }),
    )
    const { events, next } = await services.reader.search({
      ...query,
      limit: options.limit,
      ...(options.after === undefined ? {} : { after: options.after }),
    })
    const more = next === null ? [] : [`more: --after ${next}`]
    output.answer(
      { events: events.map((event) => ({ ...event, at: microsToIso(event.at) }) as never), next },
      [...events.map(line), ...(events.length === 0 ? ['nothing found'] : more)].join('\n'),
    )
    return 0
  }
}

function line(event: StoredEvent): string {
  const { id, at, kind, decision, action, resource, purpose, operator, contract, disclosed } = event
  const what = kind === 'access' ? `${decision ?? '?'} ${action ?? ''} ${resource ?? ''}` : kind
  const shown = disclosed.count === 0 ? '' : `, ${disclosed.count} shown`
  return `${microsToIso(at)}  ${id}  ${what}${shown}  ${operator ?? '-'} ${contract ?? '-'} ${purpose ?? '-'}`
}

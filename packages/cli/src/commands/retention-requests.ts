import { asId, microsToIso, type Json, type Pseudonym } from '@varco/core'
import { settleNotice, type RecipientNotice, type RecordOutcome, type RequestOutcome } from '@varco/retention'
import type { Command } from 'commander'
import { asJson } from '../as-json.ts'
import type { CommandWork, Run } from '../command-context.ts'
import { recordReading } from '../compose/record-reading.ts'
import { readPseudonym } from './report-options.ts'
import { atDesk, byOption, refused } from './retention-command.ts'

/** What became of requests for erasure, and whom the body still has to tell (GDPR Art. 17 and 19). */
export function registerRequestsAtRetention(retention: Command, run: Run): void {
  retention
    .command('outcome')
    .description(
      'what became of each record of a data subject who asked for erasure; exit 1 if it is not known yet',
    )
    .argument('<plan>', 'the number of the request’s plan')
    .option('--whose', 'also the keys of what stayed: only for whoever writes the answer')
    .option('--by <pseudonym>', 'who reads the keys; it goes into the log', readPseudonym)
    .addHelpText(
      'after',
      '\nExample:\n  $ varco retention outcome 0b0e…\n  $ varco retention outcome 0b0e… --whose --by DPO-1',
    )
    .action((plan: string, options: ReadingOptions) => run(outcomeWork(plan, options)))
  retention
    .command('notices')
    .description('recipients that are still to be told of an erasure or restriction; exit 1 if there are any')
    .option('--whose', 'also whose data it is: only for whoever writes the notice')
    .option('--by <pseudonym>', 'who reads whose data it is; it goes into the log', readPseudonym)
    .addHelpText('after', '\nExample:\n  $ varco retention notices --whose --by DPO-1')
    .action((options: ReadingOptions) => run(noticesWork(options)))
  retention
    .command('told')
    .description('note that a recipient was told, or that it could not be')
    .argument('<notice>', 'its number')
    .requiredOption('--note <text>', 'the letter’s number, or why it could not be')
    .option('--excepted', 'it proved impossible, or would have taken a disproportionate effort')
    .addOption(byOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ varco retention told RQ-2026-000017/erasure/aurora-2026/producer-5f0c21d94b7a3e68 --note "prot. 812/2026" --by DPO-1',
    )
    .action((notice: string, options: ToldOptions) => run(toldWork(notice, options)))
}

interface ToldOptions {
  readonly note: string
  readonly excepted?: true
  readonly by: string
}

const LISTED = 200

interface ReadingOptions {
  readonly whose?: true
  readonly by?: string
}

type DeskWork = Parameters<typeof atDesk>[0]

/** Whose data it is, and which, is told to nobody who does not say who they are. The work's reader `null`: it is not asked. */
function toSomebody({ whose, by }: ReadingOptions, work: (reader: string | null) => DeskWork): CommandWork {
  return async (context) => {
    if (whose !== true) return atDesk(work(null))(context)
    if (by !== undefined) return atDesk(work(by))(context)
    context.output.problem('say --by: whose data it is, is told to somebody')
    return 2
  }
}

function outcomeWork(plan: string, options: ReadingOptions): CommandWork {
  return toSomebody(options, (reader) => async (desk, { output }, services) => {
    const outcome = await desk.store.outcome(plan)
    if (outcome === null) {
      output.problem('no request was carried out by such a plan')
      return 1
    }
    const whose = reader !== null
    if (whose)
      await recordReading(services, reader, { read: 'request-outcome', shown: outcome.records.length })
    const records = whose ? outcome.records : outcome.records.map(withoutKey)
    output.answer(asJson({ ...outcome, records }), outcomeText(outcome, whose))
    return 0
  })
}

function withoutKey(record: RecordOutcome): object {
  if (record.outcome === 'erased') return record
  const { key: _whose, ...rest } = record
  return rest
}

function outcomeText({ request, records, recipients }: RequestOutcome, whose: boolean): string {
  const groups = Map.groupBy(records, (record) => `${record.resource}  ${inWords(record)}`)
  const keysOf = (alike: readonly RecordOutcome[]): string => {
    const keys = alike.flatMap((record) => (record.outcome === 'erased' ? [] : [record.key]))
    return whose && keys.length > 0 ? `  ${keys.join(', ')}` : ''
  }
  return [
    `what became of ${request}`,
    ...[...groups].map(([group, alike]) => `  ${group}: ${alike.length}${keysOf(alike)}`),
    ...recipients.map(
      ({ processor, contract, resources }) =>
        `  to tell: ${processor}, ${contract} (${resources.join(', ')})`,
    ),
  ].join('\n')
}

function inWords(record: RecordOutcome): string {
  if (record.outcome === 'erased') return record.outcome
  const norm = record.norm === null ? '' : `, ${record.norm}`
  return record.outcome === 'restricted' ? `restricted${norm}` : `withheld (${record.why}${norm})`
}

function noticesWork(options: ReadingOptions): CommandWork {
  return toSomebody(options, listNotices)
}

function listNotices(reader: string | null): DeskWork {
  return async (desk, { output }, services) => {
    const waiting = await desk.notices.waiting(LISTED)
    const whose = reader !== null
    if (whose) await recordReading(services, reader, { read: 'recipient-notices', shown: waiting.length })
    output.answer(
      { notices: waiting.map((notice) => noticeJson(notice, whose)) },
      waiting.length === 0
        ? 'nobody is still to be told'
        : waiting.map((notice) => noticeText(notice, whose)).join('\n'),
    )
    return waiting.length === 0 ? 0 : 1
  }
}

function noticeText(
  { id, processor, resources, copies, queuedAt, dataSubject }: RecipientNotice,
  whose: boolean,
): string {
  const about = whose && dataSubject !== null ? `  of ${dataSubject.kind}:${dataSubject.id}` : ''
  const files = copies.length === 0 ? '' : `  files: ${copies.join(', ')}`
  return `${id}  ${processor}  ${resources.join(', ')}${about}${files}  since ${microsToIso(queuedAt)}`
}

function noticeJson(notice: RecipientNotice, whose: boolean): { readonly [key: string]: Json } {
  const { dataSubject, queuedAt, settled: _waiting, resources, copies, ...rest } = notice
  return {
    ...{ ...rest, resources: [...resources], copies: [...copies], queuedAt: microsToIso(queuedAt) },
    ...(whose && dataSubject !== null ? { dataSubject: { ...dataSubject } } : {}),
  }
}

function toldWork(id: string, { note, excepted, by }: ToldOptions): CommandWork {
  return atDesk(async (desk, context) => {
    const how = excepted === true ? 'excepted' : 'told'
    const outcome = await settleNotice(desk, { id, how, note, by: asId<Pseudonym>(by) })
    if (!outcome.ok) return refused(context, outcome)
    context.output.answer({ id, how }, `notice ${id} is settled`)
    return 0
  })
}

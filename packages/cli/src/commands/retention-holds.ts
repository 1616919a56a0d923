import { asId, microsToIso, type Json, type Pseudonym } from '@varco/core'
import { readCondition, type Bundle } from '@varco/policy'
import { placeHold, releaseHold, reviewHold, type Hold, type HoldScope } from '@varco/retention'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { dataSubjectIn } from './data-subject-option.ts'
import { readMoment, startOf, type Moment } from './report-options.ts'
import { atDesk, byOption, refused } from './retention-command.ts'

interface HoldOptions {
  readonly resource?: string
  readonly record?: string
  readonly dataSubject?: string
  readonly contract?: string
  readonly where?: string
  readonly case: string
  readonly reason: string
  readonly review?: Moment
  readonly by: string
}

export function registerHolds(retention: Command, run: Run): void {
  retention
    .command('hold')
    .description('from now on nothing it covers goes, whatever was approved')
    .option('--resource <name>', 'all of its records, or with --record one')
    .option('--record <key>', 'one record of the resource')
    .option('--where <json>', 'with --resource, those of which this is true, as a rule’s where')
    .option('--data-subject <kind:key>', 'all records of one data subject')
    .option('--contract <id>', 'all that the log shows to have been disclosed under a contract')
    .requiredOption('--case <number>', 'the file it is placed for')
    .requiredOption('--reason <text>', 'at least ten characters')
    .option('--review <day>', 'when somebody must look at it again', readMoment)
    .addOption(byOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ varco retention hold --data-subject producer:P0042 --case "RG 12/2026" --reason "a dispute before the court" --by LEG-1' +
        '\n  $ varco retention hold --resource invoice --where \'{"status":{"eq":"disputed"}}\' --case "RG 13/2026" --reason "the invoices in dispute" --by LEG-1',
    )
    .action((options: HoldOptions) => run(holdWork(options)))
  retention
    .command('release')
    .description('lift a hold; not by the person who placed it')
    .argument('<hold>', 'its number')
    .addOption(byOption())
    .addHelpText('after', '\nExample:\n  $ varco retention release 7c1d… --by LEG-2')
    .action((hold: string, { by }: { by: string }) => run(releaseWork(hold, by)))
  retention
    .command('review')
    .description(
      'look at a hold again, and say why it is kept until another day; not by the person who placed it',
    )
    .argument('<hold>', 'its number')
    .requiredOption('--until <day>', 'when to look next', readMoment)
    .requiredOption('--reason <text>', 'at least ten characters')
    .addOption(byOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ varco retention review 7c1d… --until 2027-06-30 --reason "the appeal is pending" --by LEG-2',
    )
    .action((hold: string, options: ReviewOptions) => run(reviewWork(hold, options)))
  retention
    .command('holds')
    .description('the holds in force; exit 1 if one is past its review')
    .addHelpText('after', '\nExample:\n  $ varco retention holds')
    .action(() => run(holdsWork()))
}

function holdWork(options: HoldOptions): CommandWork {
  return async (context) => {
    const scope = scopeOf(options)
    if (scope === null) {
      context.output.problem(
        'say --data-subject kind:key, --contract, or --resource, alone or with --record or --where',
      )
      return 2
    }
    return atDesk(async (desk) => {
      const { document } = desk.bundle()
      const problem = unknownIn(desk.bundle(), scope)
      if (problem !== null) {
        context.output.problem(problem)
        return 2
      }
      const outcome = await placeHold(desk, {
        scope,
        case: options.case,
        reason: options.reason,
        by: asId<Pseudonym>(options.by),
        reviewAt: options.review === undefined ? null : startOf(options.review, document.varco.time_zone),
      })
      if (!outcome.ok) return refused(context, outcome)
      context.output.answer(holdJson(outcome.hold), `hold ${outcome.hold.id} is in force`)
      return 0
    })(context)
  }
}

function scopeOf({ resource, record, dataSubject, contract, where }: HoldOptions): HoldScope | null {
  const ways = [resource, dataSubject, contract].filter((way) => way !== undefined)
  if (ways.length !== 1 || (record !== undefined && where !== undefined)) return null
  if (resource !== undefined) {
    if (where !== undefined) return { kind: 'query', resource, where: jsonIn(where) }
    return record === undefined ? { kind: 'resource', resource } : { kind: 'record', resource, record }
  }
  if (record !== undefined || where !== undefined) return null
  if (contract !== undefined) return { kind: 'contract', contract }
  const named = dataSubjectIn(dataSubject ?? '')
  return named === null ? null : { kind: 'data-subject', dataSubject: named }
}

/** What is no JSON is no condition either: the catalogue says so. */
function jsonIn(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}

function unknownIn(bundle: Bundle, scope: HoldScope): string | null {
  const { document, resources, contracts } = bundle
  switch (scope.kind) {
    case 'data-subject':
      return Object.hasOwn(document.varco.data_subjects, scope.dataSubject.kind) ? null : UNKNOWN
    case 'contract':
      return contracts.has(asId(scope.contract)) ? null : 'the bundle does not know the contract'
    case 'query':
    case 'record':
    case 'resource': {
      const resource = resources.get(asId(scope.resource))
      if (resource === undefined) return UNKNOWN
      const read = scope.kind === 'query' ? readCondition(scope.where, resource) : null
      return read === null || read.ok ? null : read.problem
    }
  }
}

const UNKNOWN = 'the catalogue does not know what is to be held'

interface ReviewOptions {
  readonly until: Moment
  readonly reason: string
  readonly by: string
}

function reviewWork(id: string, { until, reason, by }: ReviewOptions): CommandWork {
  return atDesk(async (desk, context) => {
    const day = startOf(until, desk.bundle().document.varco.time_zone)
    const outcome = await reviewHold(desk, { id, until: day, reason, by: asId(by) })
    if (!outcome.ok) return refused(context, outcome)
    context.output.answer(holdJson(outcome.hold), `hold ${id} is kept`)
    return 0
  })
}

function releaseWork(id: string, by: string): CommandWork {
  return atDesk(async (desk, context) => {
    const outcome = await releaseHold(desk, id, asId(by))
    if (!outcome.ok) return refused(context, outcome)
    context.output.answer(holdJson(outcome.hold), `hold ${id} is lifted`)
    return 0
  })
}

function holdsWork(): CommandWork {
  return atDesk(async (desk, { output }) => {
    const holds = await desk.store.holds()
    const now = desk.clock.now()
    const late = (hold: Hold): boolean => hold.reviewAt !== null && hold.reviewAt < now
    output.answer(
      { holds: holds.map(holdJson) },
      holds.length === 0
        ? 'no hold is in force'
        : holds
            .map(
              (hold) =>
                `${hold.id}  ${hold.scope.kind}  ${hold.case}  since ${microsToIso(hold.placedAt)}${late(hold) ? '  to be reviewed' : ''}`,
            )
            .join('\n'),
    )
    return holds.some(late) ? 1 : 0
  })
}

/** Without the record and the data subject: what a terminal or a ticket may show. */
function holdJson(hold: Hold): { readonly [key: string]: Json } {
  return {
    id: hold.id,
    scope: hold.scope.kind,
    case: hold.case,
    placedBy: hold.placedBy,
    placedAt: microsToIso(hold.placedAt),
    reviewAt: hold.reviewAt === null ? null : microsToIso(hold.reviewAt),
    releasedBy: hold.releasedBy,
    releasedAt: hold.releasedAt === null ? null : microsToIso(hold.releasedAt),
  }
}

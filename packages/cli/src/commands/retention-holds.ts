import { asId, microsToIso, type Json, type Pseudonym } from '@varco/core'
import { placeHold, releaseHold, type Hold, type HoldScope } from '@varco/retention'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { readMoment, startOf, type Moment } from './report-options.ts'
import { atDesk, byOption, refused } from './retention-command.ts'

interface HoldOptions {
  readonly resource?: string
  readonly record?: string
  readonly dataSubject?: string
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
    .option('--data-subject <kind:key>', 'all records of one data subject')
    .requiredOption('--case <number>', 'the file it is placed for')
    .requiredOption('--reason <text>', 'at least ten characters')
    .option('--review <day>', 'when somebody must look at it again', readMoment)
    .addOption(byOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ varco retention hold --data-subject producer:P0042 --case "RG 12/2026" --reason "a dispute before the court" --by LEG-1',
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
    .command('holds')
    .description('the holds in force; exit 1 if one is past its review')
    .addHelpText('after', '\nExample:\n  $ varco retention holds')
    .action(() => run(holdsWork()))
}

function holdWork(options: HoldOptions): CommandWork {
  return async (context) => {
    const scope = scopeOf(options)
    if (scope === null) {
      context.output.problem('say --data-subject kind:key, or --resource, alone or with --record')
      return 2
    }
    return atDesk(async (desk) => {
      const { document, resources } = desk.bundle()
      const known =
        scope.kind === 'data-subject'
          ? Object.hasOwn(document.varco.data_subjects, scope.dataSubject.kind)
          : resources.has(asId(scope.resource))
      if (!known) {
        context.output.problem('the catalogue does not know what is to be held')
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

function scopeOf({ resource, record, dataSubject }: HoldOptions): HoldScope | null {
  if (dataSubject !== undefined) {
    const [, kind = '', id = ''] = /^([a-z0-9.-]+):(.+)$/.exec(dataSubject) ?? []
    return kind === '' || resource !== undefined || record !== undefined
      ? null
      : { kind: 'data-subject', dataSubject: { kind, id } }
  }
  if (resource === undefined) return null
  return record === undefined ? { kind: 'resource', resource } : { kind: 'record', resource, record }
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

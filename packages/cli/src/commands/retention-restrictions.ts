import { asId, microsToIso, type Json, type Pseudonym } from '@varco/core'
import { liftRestriction, restrictRecords, type Restriction } from '@varco/retention'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'
import { dataSubjectIn } from './data-subject-option.ts'
import { atDesk, byOption, refused } from './retention-command.ts'

interface RestrictOptions {
  readonly resource?: string
  readonly record?: string
  readonly dataSubject?: string
  readonly reason: string
  readonly by: string
}

/** Data that is kept and no longer used (GDPR Art. 18). */
export function registerRestrictions(retention: Command, run: Run): void {
  retention
    .command('restrict')
    .description('from now on nobody sees, finds or changes through the gate what it covers; it stays')
    .option('--resource <name>', 'with --record, one record')
    .option('--record <key>', 'one record of the resource')
    .option('--data-subject <kind:key>', 'all records of one data subject')
    .requiredOption('--reason <text>', 'the request or the file it is for; at least ten characters')
    .addOption(byOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ varco retention restrict --data-subject producer:P0042 --reason "request 2026-118, Art. 18(1)(a)" --by DPO-1',
    )
    .action((options: RestrictOptions) => run(restrictWork(options)))
  retention
    .command('lift')
    .description('lift a restriction; not by the person who placed it')
    .argument('<restriction>', 'its number')
    .option('--informed', 'who asked for it was told beforehand (GDPR Art. 18(3))')
    .addOption(byOption())
    .addHelpText('after', '\nExample:\n  $ varco retention lift 7c1d… --informed --by LEG-2')
    .action((restriction: string, options: LiftOptions) => run(liftWork(restriction, options)))
  retention
    .command('restrictions')
    .description('the restrictions in force')
    .addHelpText('after', '\nExample:\n  $ varco retention restrictions')
    .action(() => run(listWork()))
}

function restrictWork(options: RestrictOptions): CommandWork {
  return async (context) => {
    const scope = scopeOf(options)
    if (scope === null) {
      context.output.problem('say --data-subject kind:key, or --resource with --record')
      return 2
    }
    return atDesk(async (desk) => {
      const { document, resources } = desk.bundle()
      const known =
        scope.kind === 'data-subject'
          ? Object.hasOwn(document.varco.data_subjects, scope.dataSubject.kind)
          : resources.has(asId(scope.resource))
      if (!known) {
        context.output.problem('the catalogue does not know what is to be restricted')
        return 2
      }
      const by = asId<Pseudonym>(options.by)
      const outcome = await restrictRecords(desk, { scope, reason: options.reason, by })
      if (!outcome.ok) return refused(context, outcome)
      const { restriction } = outcome
      context.output.answer(restrictionJson(restriction), `restriction ${restriction.id} is in force`)
      return 0
    })(context)
  }
}

function scopeOf({ resource, record, dataSubject }: RestrictOptions) {
  if (dataSubject !== undefined) {
    const named = dataSubjectIn(dataSubject)
    return named === null || resource !== undefined || record !== undefined
      ? null
      : { kind: 'data-subject' as const, dataSubject: named }
  }
  return resource === undefined || record === undefined ? null : { kind: 'record' as const, resource, record }
}

interface LiftOptions {
  readonly by: string
  readonly informed?: true
}

function liftWork(id: string, { by, informed }: LiftOptions): CommandWork {
  return atDesk(async (desk, context) => {
    const outcome = await liftRestriction(desk, id, asId(by), informed === true)
    if (!outcome.ok) return refused(context, outcome)
    context.output.answer(restrictionJson(outcome.restriction), `restriction ${id} is lifted`)
    return 0
  })
}

function listWork(): CommandWork {
  return atDesk(async (desk, { output }) => {
    const restrictions = await desk.restrictions.restrictions()
    output.answer(
      { restrictions: restrictions.map(restrictionJson) },
      restrictions.length === 0
        ? 'no restriction is in force'
        : restrictions
            .map(({ id, scope, placedAt }) => `${id}  ${scope.kind}  since ${microsToIso(placedAt)}`)
            .join('\n'),
    )
    return 0
  })
}

/** Without the record and the data subject: what a terminal or a ticket may show. */
function restrictionJson(restriction: Restriction): { readonly [key: string]: Json } {
  const { id, scope, placedBy, placedAt, liftedBy, liftedAt } = restriction
  return {
    id,
    scope: scope.kind,
    ...(scope.kind === 'stage' ? { rule: scope.rule } : {}),
    placedBy,
    placedAt: microsToIso(placedAt),
    liftedBy,
    liftedAt: liftedAt === null ? null : microsToIso(liftedAt),
  }
}

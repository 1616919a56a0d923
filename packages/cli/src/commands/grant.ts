import { microsToIso } from '@varco/core'
import { GRANT_STATES, overdueReviews, type Grant, type GrantState } from '@varco/engagement'
import { Option, type Command } from 'commander'
import { asJson } from '../as-json.ts'
import type { CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { recordReading } from '../compose/record-reading.ts'
import { openServices } from '../compose/services.ts'
import { withPseudonym, type ByOptions } from './by-option.ts'

interface ListOptions extends ByOptions {
  readonly state?: GrantState
  readonly contract?: string
  readonly owner?: string
}

const MOST = 1_000

export function registerGrant(program: Command, run: Run): void {
  const grant = program.command('grant').description('just-in-time grants: how they stand, and reviews due')
  withPseudonym(
    grant
      .command('list')
      .description('grants, the last asked first; without whose records they are about')
      .addOption(new Option('--state <state>', 'only these').choices(GRANT_STATES))
      .option('--contract <id>', 'only of this contract')
      .option('--owner <unit>', 'only those this unit decides on'),
  )
    .addHelpText('after', '\nExample:\n  $ varco grant list --state asked --by GSE-4T2KQ')
    .action((options: ListOptions) => run(listWork(options)))
  withPseudonym(
    grant.command('overdue').description('emergency grants whose review is late; exit 1 if there is one'),
  )
    .addHelpText('after', '\nExample:\n  $ varco grant overdue --by DPO-1')
    .action((options: ByOptions) => run(overdueWork(options)))
}

function listWork({ by, state, contract, owner }: ListOptions): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'grant') })
    const found = await services.grants.grants({
      limit: MOST,
      ...(state === undefined ? {} : { state }),
      ...(contract === undefined ? {} : { contract: contract as NonNullable<Grant['contract']> }),
      ...(owner === undefined ? {} : { owner }),
    })
    await recordReading(services, by, { grants: found.length })
    const now = services.clock.now()
    output.answer(
      found.map((grant) => asJson(shownOf(grant, now))),
      found.length === 0 ? 'no grants' : found.map((grant) => lineOf(grant, now)).join('\n'),
    )
    return 0
  }
}

function overdueWork({ by }: ByOptions): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'grant') })
    const now = services.clock.now()
    const found = await overdueReviews({ store: services.grants }, { now })
    await recordReading(services, by, { grants: found.length })
    output.answer(
      found.map((grant) => asJson(shownOf(grant, now))),
      found.length === 0 ? 'no review is late' : found.map((grant) => lineOf(grant, now)).join('\n'),
    )
    return found.length === 0 ? 0 : 1
  }
}

/** Without the record, the data subject and the reason: those are the owning unit's, on its page. */
function shownOf(grant: Grant, now: bigint) {
  const { id, pseudonym, contract, role, unit, matter, owner, norm, askedAt, decidedBy, emergency } = grant
  const { resource, action, purpose, ticket } = matter
  return {
    ...{
      id,
      state: standing(grant, now),
      pseudonym,
      contract,
      role,
      unit,
      resource,
      action,
      purpose,
      ticket,
    },
    ...{ owner, norm, asked: microsToIso(askedAt), decided_by: decidedBy },
    expires: grant.expiresAt === null ? null : microsToIso(grant.expiresAt),
    review:
      emergency === null
        ? null
        : { due: microsToIso(emergency.reviewDue), outcome: emergency.review?.outcome ?? null },
  }
}

/** That one has expired is no state, but whoever reads a list wants to see it. */
function standing({ state, expiresAt }: Grant, now: bigint): GrantState | 'expired' {
  return state === 'approved' && expiresAt !== null && expiresAt <= now ? 'expired' : state
}

function lineOf(grant: Grant, now: bigint): string {
  const { id, pseudonym, contract, matter, owner, emergency } = grant
  const { resource, action, purpose, ticket } = matter
  const review =
    emergency === null
      ? []
      : [`review ${emergency.review?.outcome ?? `due ${microsToIso(emergency.reviewDue).slice(0, 10)}`}`]
  return [
    ...[id, standing(grant, now).padEnd(8), pseudonym, contract ?? 'internal'],
    ...[`${action} ${resource} for ${purpose}`, ticket, `by ${owner}`, ...review],
  ].join('  ')
}

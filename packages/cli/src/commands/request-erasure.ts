import { asId, type DataSubjectRef } from '@varco/core'
import { planErasure, restrictOnRequest, type RetentionDesk } from '@varco/retention'
import type { DataSubjectRequest, Right } from '@varco/reports'
import type { Command } from 'commander'
import type { CommandContext, CommandWork, Run } from '../command-context.ts'
import { requestDeskDeps } from '../compose/request-desk.ts'
import type { Services } from '../compose/services.ts'
import { whoAsks } from '../compose/who-asks.ts'
import type { ExitCode } from '../output.ts'
import { atDesk, byOption, refused } from './retention-command.ts'
import { planJson, planText } from './retention-plan-text.ts'

/** From a request of Art. 17 or 18 to what is done to the data subject's records. */
export function registerRequestErasure(request: Command, run: Run): void {
  request
    .command('erase')
    .description(
      'plan what a request for erasure takes away, over all that is theirs; exit 1 if it may not be',
    )
    .argument('<request>', 'its number, such as RQ-2026-000017')
    .addOption(byOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ varco request erase RQ-2026-000017 --by URP-1\nIt is approved and run as every plan is: “retention approve”, “retention run”; “retention outcome” says what became of each record.',
    )
    .action((id: string, { by }: { by: string }) => run(eraseWork(id, by)))
  request
    .command('restrict')
    .description('restrict all that is theirs, at once; exit 1 if it may not be')
    .argument('<request>', 'its number, such as RQ-2026-000018')
    .requiredOption('--reason <text>', 'which case of Art. 18(1) it is')
    .addOption(byOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ varco request restrict RQ-2026-000018 --reason "Art. 18(1)(a): the accuracy is contested" --by DPO-1',
    )
    .action((id: string, options: { by: string; reason: string }) => run(restrictWork(id, options)))
}

function eraseWork(id: string, by: string): CommandWork {
  return atDesk(async (desk, context, services) => {
    const whose = await dataSubjectsOf(id, 'erasure', services, context)
    if (whose === null) return 1
    const plans = []
    for (const dataSubject of whose)
      plans.push(await planErasure(desk, { request: id, dataSubject, by: asId(by) }))
    context.output.answer({ plans: plans.map(planJson) }, plans.map(planText).join('\n'))
    return plans.some(({ faults }) => faults.length > 0) ? 1 : 0
  })
}

function restrictWork(
  id: string,
  { by, reason }: { readonly by: string; readonly reason: string },
): CommandWork {
  return atDesk(async (desk, context, services) => {
    const whose = await dataSubjectsOf(id, 'restriction', services, context)
    return whose === null ? 1 : restrictAll(desk, context, { request: id, whose, by, reason })
  })
}

async function restrictAll(
  desk: RetentionDesk,
  context: CommandContext,
  {
    request,
    whose,
    by,
    reason,
  }: {
    readonly request: string
    readonly whose: readonly DataSubjectRef[]
    readonly by: string
    readonly reason: string
  },
): Promise<ExitCode> {
  const placed: string[] = []
  for (const dataSubject of whose) {
    const outcome = await restrictOnRequest(desk, { request, dataSubject, reason, by: asId(by) })
    if (!outcome.ok) return refused(context, outcome)
    placed.push(outcome.restriction.id)
  }
  context.output.answer(
    { restrictions: placed },
    placed.map((restriction) => `restriction ${restriction} is in force`).join('\n'),
  )
  return 0
}

/** Who asked, in every part they have in the body's records; `null`, and it was said why, when that cannot be told. */
async function dataSubjectsOf(
  id: string,
  right: Right,
  services: Services,
  { output }: CommandContext,
): Promise<readonly DataSubjectRef[] | null> {
  const request = await requestDeskDeps(services, services.commandLog).store.find(id)
  const problem = request === null ? 'there is no such request' : objectionTo(request, right)
  if (request === null || problem !== null) {
    output.problem(problem ?? '')
    return null
  }
  const { identifier } = request
  const whose = identifier === null ? [] : await whoAsks(services)(identifier)
  if (whose.length === 0) {
    output.problem('the records know nobody by what the request gives')
    return null
  }
  if (whose === 'several') {
    output.problem(
      'the identifier leads to several people of one kind: nobody can say whose records they are',
    )
    return null
  }
  return whose
}

function objectionTo({ outcome, right, identity }: DataSubjectRequest, wanted: Right): string | null {
  if (outcome !== null) return 'the request has its outcome'
  if (right !== wanted) return `the request is one of ${right}`
  if (identity.state !== 'confirmed') return 'the identity of who asks must be confirmed first'
  return null
}

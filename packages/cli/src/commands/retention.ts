import { createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { asId, microsToIso, type Pseudonym } from '@varco/core'
import {
  APPROVER_ROLES,
  approveInPart,
  approvePlan,
  cancelPlan,
  endPlan,
  pausePlan,
  planReplay,
  planRetention,
  recordsToGo,
  DEFAULT_DUTY,
  runPlan,
  verifyCertificate,
  type ApproverRole,
  type Certificate,
  type RetentionDesk,
  type RetentionPlan,
  type RetentionRefused,
  type RunOutcome,
} from '@varco/retention'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { CommandContext, CommandWork, Run } from '../command-context.ts'
import type { ExitCode } from '../output.ts'
import { atDesk, byOption, refused } from './retention-command.ts'
import { registerHolds } from './retention-holds.ts'
import { agreedIn, registerRetentionDocuments, saveCertificate } from './retention-documents.ts'
import { registerRetentionEvents } from './retention-events.ts'
import { planJson, planText, waitingJson, waitingText } from './retention-plan-text.ts'
import { registerRequestsAtRetention } from './retention-requests.ts'
import { registerRestrictions } from './retention-restrictions.ts'

/** Data that must go: what is due, who agreed, the run, its certificate; and the holds that stop it. */
export function registerRetention(program: Command, run: Run): void {
  const retention = program
    .command('retention')
    .description('data that must go: plans, approvals, runs, certificates of destruction, legal holds')
  retention
    .command('plan')
    .description('list what is due today, and keep the list to be approved; changes no record')
    .option('--rule <id...>', 'only these rules')
    .addOption(byOption())
    .addHelpText('after', '\nExample:\n  $ varco retention plan --rule visitor-erase --by ADM-1')
    .action(({ by, rule }: { by: string; rule?: string[] }) =>
      run(planWork((desk, onProgress) => planRetention(desk, { by: asId(by), onProgress, ...only(rule) }))),
    )
  retention
    .command('approve')
    .description(
      'agree to a plan: the owner first, then the DPO, each another person; exit 1 if it may not be',
    )
    .argument('<plan>', 'its number')
    .addOption(new Option('--as <role>', 'in which part').choices(APPROVER_ROLES).makeOptionMandatory())
    .option('--reference <number>', 'of the authority’s letter')
    .option(
      '--list <file>',
      'what the authority agreed to, as CSV: the list it was sent without what it took out',
    )
    .addOption(byOption())
    .addHelpText('after', '\nExample:\n  $ varco retention approve 0b0e… --as dpo --by DPO-1')
    .action((plan: string, options: ApproveOptions) => run(approveWork(plan, options)))
  retention
    .command('run')
    .description('carry an approved plan out; without --execute says what it would do and changes nothing')
    .argument('<plan>', 'its number')
    .option('--execute', 'in earnest')
    .option(
      '--duty <share>',
      `share of the time the records’ database may be kept busy (default: ${DEFAULT_DUTY})`,
      readDuty,
    )
    .addOption(byOption())
    .addHelpText('after', '\nExample:\n  $ varco retention run 0b0e… --execute --by ADM-1')
    .action((plan: string, options: RunCommandOptions) => run(runWork(plan, options)))
  retention
    .command('pause')
    .description('stop a run between two slices, on every node; “run” goes on from there')
    .argument('<plan>', 'its number')
    .addHelpText('after', '\nExample:\n  $ varco retention pause 0b0e…')
    .action((plan: string) => run(outcomeWork((desk) => pausePlan(desk, plan))))
  retention
    .command('cancel')
    .description('call a plan off before it has begun')
    .argument('<plan>', 'its number')
    .addOption(byOption())
    .addHelpText('after', '\nExample:\n  $ varco retention cancel 0b0e… --by DPO-1')
    .action((plan: string, { by }: { by: string }) =>
      run(outcomeWork((desk) => cancelPlan(desk, plan, asId(by)))),
    )
  retention
    .command('end')
    .description(
      'end a plan that has begun: nothing more goes by it, and what did go is certified; for one whose rules or tables changed',
    )
    .argument('<plan>', 'its number')
    .addOption(byOption())
    .addHelpText('after', '\nExample:\n  $ varco retention end 0b0e… --by DPO-1')
    .action((plan: string, { by }: { by: string }) => run(endWork(plan, asId(by))))
  retention
    .command('list')
    .description('the latest plans and how they stand')
    .addHelpText('after', '\nExample:\n  $ varco retention list')
    .action(() => run(listWork()))
  retention
    .command('certificate')
    .description(
      'the certificate of destruction of a plan, signed; with --verify, whether a file is one of ours',
    )
    .argument('[plan]', 'its number')
    .option('--pdf', 'save it as PDF, and the JWS beside it, among the installation’s certificates')
    .option('--verify <file>', 'a certificate as a JWS, checked offline with the log’s public key')
    .addHelpText('after', '\nExample:\n  $ varco retention certificate 0b0e… > certificate.jws')
    .action((plan: string | undefined, options: CertificateOptions) => run(certificateWork(plan, options)))
  retention
    .command('replay')
    .description('after a restore from a backup: plan again what had gone and is back, ready to run')
    .option('--rule <id...>', 'only what went by these rules')
    .addOption(byOption())
    .addHelpText('after', '\nExample:\n  $ varco retention replay --by ADM-1')
    .action(({ by, rule }: { by: string; rule?: string[] }) =>
      run(planWork((desk, onProgress) => planReplay(desk, { by: asId(by), onProgress, ...only(rule) }))),
    )
  registerHolds(retention, run)
  registerRestrictions(retention, run)
  registerRetentionEvents(retention, run)
  registerRequestsAtRetention(retention, run)
  registerRetentionDocuments(retention, run)
}

function only(rules: readonly string[] | undefined): { rules?: readonly string[] } {
  return rules === undefined ? {} : { rules }
}

function planWork(
  make: (desk: RetentionDesk, onProgress: (records: number) => void) => Promise<RetentionPlan>,
): CommandWork {
  return atDesk(async (desk, { output }) => {
    let said = 0
    const plan = await make(desk, (records) => {
      if (records - said < SAY_EVERY) return
      said = records
      output.note(`${records} records are due so far`)
    })
    output.answer(planJson(plan), planText(plan))
    return plan.faults.length > 0 ? 1 : 0
  })
}

const SAY_EVERY = 100_000

interface ApproveOptions {
  readonly as: ApproverRole
  readonly by: string
  readonly reference?: string
  readonly list?: string
}

function approveWork(plan: string, { as, by, reference, list }: ApproveOptions): CommandWork {
  return async (context) => {
    if (list !== undefined && as !== 'authority') {
      context.output.problem('only an authority agrees in part: --list goes with --as authority')
      return 2
    }
    const given = { plan, by: asId<Pseudonym>(by) }
    return outcomeWork((desk) =>
      list === undefined
        ? approvePlan(desk, { ...given, as, ...(reference === undefined ? {} : { reference }) })
        : approveInPart(desk, { ...given, reference: reference ?? '', agreed: agreedIn(list) }),
    )(context)
  }
}

function outcomeWork(
  act: (
    desk: RetentionDesk,
  ) => Promise<{ readonly ok: true; readonly plan: RetentionPlan } | RetentionRefused>,
): CommandWork {
  return atDesk(async (desk, context) => {
    const outcome = await act(desk)
    if (!outcome.ok) return refused(context, outcome)
    context.output.answer(planJson(outcome.plan), planText(outcome.plan))
    return 0
  })
}

interface RunCommandOptions {
  readonly by: string
  readonly execute?: true
  readonly duty?: number
}

function readDuty(value: string): number {
  const duty = Number(value)
  if (!(duty > 0 && duty <= 1)) throw new InvalidArgumentError('a share is above 0 and at most 1')
  return duty
}

function runWork(id: string, options: RunCommandOptions): CommandWork {
  return atDesk(async (desk, context) => {
    const { by, execute } = options
    const { output, stop } = context
    const plan = await desk.store.plan(id)
    if (plan === null) {
      output.problem('there is no such plan')
      return 1
    }
    if (execute !== true) {
      const waiting = (await desk.outbox.standing()).filter((each) => each.plan === id)
      output.answer(
        { ...planJson(plan), waiting: waiting.map(waitingJson) },
        [planText(plan), ...waiting.map(waitingText), 'Nothing was changed; --execute carries it out.'].join(
          '\n',
        ),
      )
      return 0
    }
    const bar = output.progress('disposing', recordsToGo(plan))
    const onProgress = (settled: number): void => {
      bar.advance(settled)
    }
    const duty = options.duty ?? DEFAULT_DUTY
    // Whatever comes of it, the terminal has its cursor back.
    const outcome = await runPlan(desk, { plan: id, by: asId(by), stop, duty, onProgress }).finally(() => {
      bar.end()
    })
    return certified(context, outcome)
  })
}

function certified(context: CommandContext, outcome: RunOutcome): ExitCode {
  const { output } = context
  if (!outcome.ok) return refused(context, outcome)
  if (outcome.ended === 'stopped') {
    output.problem('stopped before the end; run it again to go on')
    return 1
  }
  if (outcome.ended === 'put-off') {
    output.problem(
      `what hangs on some records waits for an upstream, which is asked again from ${microsToIso(outcome.until)}: run it again, or leave it to the scheduler`,
    )
    return 1
  }
  const { certificate, jws } = outcome.certificate
  output.answer({ certificate: certificate, jws }, certificateText(certificate))
  return 0
}

function endWork(plan: string, by: Pseudonym): CommandWork {
  return atDesk(async (desk, context) => {
    const outcome = await endPlan(desk, { plan, by, why: 'asked' })
    if (!outcome.ok) return refused(context, outcome)
    return certified(context, await runPlan(desk, { plan, by, stop: context.stop }))
  })
}

function listWork(): CommandWork {
  return atDesk(async (desk, { output }) => {
    const plans = await desk.store.plans(LISTED)
    output.answer(
      { plans: plans.map(planJson) },
      plans.length === 0
        ? 'there is no plan'
        : plans
            .map(({ id, day, state, rules }) => `${id}  ${day}  ${state}  ${total(rules)} records`)
            .join('\n'),
    )
    return 0
  })
}

const LISTED = 50

interface CertificateOptions {
  readonly pdf?: true
  readonly verify?: string
}

function certificateWork(plan: string | undefined, { pdf, verify: file }: CertificateOptions): CommandWork {
  return async (context) => {
    const { output } = context
    if ((plan === undefined) === (file === undefined)) {
      output.problem('say a plan, or --verify with a file')
      return 2
    }
    return atDesk(async (desk, _, services) => {
      if (file !== undefined) {
        const jws = (await readFile(file, 'utf8')).trim()
        const verified = await verifyCertificate(jws, createPublicKey(services.keys.log.signing))
        if (verified === null) {
          output.problem('this is no certificate of this installation, or it was changed')
          return 1
        }
        output.answer(verified, certificateText(verified))
        return 0
      }
      const signed = await desk.store.certificate(plan ?? '')
      if (signed === null) {
        output.problem('there is no certificate of such a plan')
        return 1
      }
      if (pdf === true) {
        const files = await saveCertificate(services, signed)
        output.answer({ ...files }, `${files.jws}\n${files.pdf}`)
        return 0
      }
      output.answer({ certificate: signed.certificate, jws: signed.jws }, signed.jws)
      return 0
    })(context)
  }
}

function total(rules: RetentionPlan['rules']): number {
  return rules.reduce((sum, { records }) => sum + records, 0)
}

function certificateText({
  plan,
  rules,
  ended_at: ended,
  ended_early: early,
  backups_end: backups,
}: Certificate): string {
  return [
    `certificate of destruction of plan ${plan.id}, ended ${ended}${early === null ? '' : ', early'}`,
    ...rules.flatMap(({ rule, action, done, kept, upstream }) => [
      `  ${rule}  ${action}  ${done} done; kept: ${kept.held} held, ${kept.referenced} pointed at, ${kept.not_due} not due, ${kept.busy} locked, ${kept.gone} gone before${kept.identifiable === 0 ? '' : `, ${kept.identifiable} still to be told apart`}${kept.upstream === 0 ? '' : `, ${kept.upstream} with something upstream that would not go`}${kept.not_reached === 0 ? '' : `, ${kept.not_reached} not reached`}${kept.unsure === 0 ? '' : `, ${kept.unsure} perhaps done`}`,
      ...upstream.map(
        (went) => `    before them, from the upstream ${went.upstream}: ${went.done} of ${went.resource}`,
      ),
    ]),
    backups === null ? 'when backups end is not declared' : `backups end ${backups}`,
  ].join('\n')
}

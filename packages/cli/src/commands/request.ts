import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { microsToIso, type Json, type Micros } from '@varco/core'
import {
  CHANNELS,
  daysLeft,
  deadlineOf,
  REFUSAL_GROUNDS,
  RIGHTS,
  unanswerable,
  type Channel,
  type DataSubjectRequest,
  type OfficeCalendar,
  type RefusalGround,
  type RequestDesk,
  type Right,
  type Unanswerable,
} from '@varco/reports'
import { Option, type Command } from 'commander'
import { asJson } from '../as-json.ts'
import type { CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { commandDesk, requestDeskDeps } from '../compose/request-desk.ts'
import { openServices, type Services } from '../compose/services.ts'
import { whoAsks } from '../compose/who-asks.ts'
import type { ExitCode, Output } from '../output.ts'
import { readMoment, readPseudonym, startOf, type Moment } from './report-options.ts'
import { writeSubjectReport } from './report.ts'
import { registerRequestErasure } from './request-erasure.ts'

/** Requests of data subjects, from receipt to outcome. */
export function registerRequest(program: Command, run: Run): void {
  const request = program
    .command('request')
    .description('requests of data subjects (GDPR Art. 15 to 21) and until when each must be answered')
  const act = (name: string, description: string, example: string): Command =>
    request
      .command(name)
      .description(description)
      .argument('<request>', 'its number, such as RQ-2026-000017')
      .addOption(byOption())
      .addHelpText('after', `\nExample:\n  $ varco request ${example}`)

  request
    .command('receive')
    .description('take a request in; its time runs from the day it reached the body')
    .addOption(
      new Option('--right <right>', 'what is asked for').choices(Object.keys(RIGHTS)).makeOptionMandatory(),
    )
    .addOption(new Option('--channel <channel>', 'how it came').choices(CHANNELS).makeOptionMandatory())
    .option('--received <when>', 'day or instant of receipt (default: now)', readMoment)
    .option('--identifier <identifier>', 'what it gave to be found by, such as a tax code')
    .option('--reply-to <address>', 'where the answer goes')
    .addOption(byOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ varco request receive --right access --channel email --received 2026-11-20 --identifier RSSMRA80A01H501U --by URP-1',
    )
    .action((options: ReceiveOptions) => run(receiveWork(options)))
  request
    .command('list')
    .description('open requests, the nearest deadline first; exit 1 if one is overdue')
    .addHelpText('after', '\nExample:\n  $ varco request list')
    .action(() => run(listWork()))
  act(
    'ask-identity',
    'note that proof of identity was asked for; without delay, it stops the clock',
    'ask-identity RQ-2026-000017 --by URP-1',
  ).action((id: string, { by }: ActOptions) => run(actWork((desk) => desk.askIdentity(id, by))))
  act(
    'settle-identity',
    'note whether who asks is who they say',
    'settle-identity RQ-2026-000017 --confirmed --by URP-1',
  )
    .option('--confirmed', 'it is them')
    .option('--not-confirmed', 'it could not be shown')
    .action((id: string, options: ActOptions & { confirmed?: true; notConfirmed?: true }) =>
      run(settleWork(id, options)),
    )
  act(
    'extend',
    'two more months, within the first one',
    'extend RQ-2026-000017 --reason "Records of three companies to gather." --by DPO-1',
  )
    .requiredOption('--reason <text>', 'told to who asked')
    .action((id: string, { by, reason }: ActOptions & { reason: string }) =>
      run(actWork((desk) => desk.extend(id, reason, by))),
    )
  act(
    'answer',
    'make the answer to a request of access, or note the file that was sent, and close it',
    'answer RQ-2026-000017 --by DPO-1',
  )
    .option('--file <file>', 'what was sent; needed for rights other than access')
    .action((id: string, options: ActOptions & { file?: string }) => run(answerWork(id, options)))
  act(
    'refuse',
    'close a request that is not granted, with the reason told to who asked',
    'refuse RQ-2026-000017 --ground manifestly-excessive --reason "The fortieth of the same kind this month." --by DPO-1',
  )
    .addOption(new Option('--ground <ground>', 'why').choices(REFUSAL_GROUNDS).makeOptionMandatory())
    .requiredOption('--reason <text>', 'told to who asked')
    .action((id: string, { by, ground, reason }: ActOptions & { ground: RefusalGround; reason: string }) =>
      run(actWork((desk) => desk.refuse(id, ground, reason, by))),
    )
  registerRequestErasure(request, run)
  act('withdraw', 'close a request that who made it took back', 'withdraw RQ-2026-000017 --by URP-1').action(
    (id: string, { by }: ActOptions) => run(actWork((desk) => desk.withdraw(id, by))),
  )
}

interface ActOptions {
  readonly by: string
}

interface ReceiveOptions extends ActOptions {
  readonly right: Right
  readonly channel: Channel
  readonly received?: Moment
  readonly identifier?: string
  readonly replyTo?: string
}

function byOption(): Option {
  return new Option('--by <pseudonym>', 'who acts; it goes into the log')
    .argParser(readPseudonym)
    .makeOptionMandatory()
}

function atDesk(
  work: (desk: RequestDesk, services: Services, output: Output) => Promise<DataSubjectRequest>,
): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'request') })
    const request = await work(commandDesk(services), services, output)
    const { calendar } = requestDeskDeps(services, services.commandLog)
    output.answer(requestJson(request, calendar), lineOf(request, calendar, services.clock.now()))
    return 0
  }
}

const actWork = (act: (desk: RequestDesk) => Promise<DataSubjectRequest>): CommandWork =>
  atDesk((desk) => act(desk))

function receiveWork({ received, identifier, replyTo, ...options }: ReceiveOptions): CommandWork {
  return atDesk((desk, { clock, policy }) =>
    desk.receive({
      ...options,
      receivedAt:
        received === undefined ? clock.now() : startOf(received, policy.current().document.varco.time_zone),
      identifier: identifier ?? null,
      replyTo: replyTo ?? null,
    }),
  )
}

function settleWork(
  id: string,
  { by, confirmed, notConfirmed }: ActOptions & { confirmed?: true; notConfirmed?: true },
): CommandWork {
  return async (context) => {
    if ((confirmed === true) === (notConfirmed === true)) {
      context.output.problem('say --confirmed or --not-confirmed')
      return 2
    }
    return actWork((desk) => desk.settleIdentity(id, confirmed === true, by))(context)
  }
}

/** The answer to a request of access is the report itself; of other rights, the file somebody wrote. */
function answerWork(id: string, { by, file }: ActOptions & { readonly file?: string }): CommandWork {
  return async (context) => {
    const { config, output } = context
    if (file !== undefined) {
      const sent = createHash('sha256')
        .update(await readFile(file))
        .digest('hex')
      return actWork((desk) => desk.answer(id, sent, by))(context)
    }
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'request') })
    const { store, calendar } = requestDeskDeps(services, services.commandLog)
    const request = await store.find(id)
    if (request === null) {
      output.problem('there is no such request')
      return 1
    }
    const objection = unanswerable(request)
    if (objection !== null) {
      output.problem(OBJECTIONS[objection])
      return 1
    }
    const { identifier } = request
    const whose = identifier === null ? [] : await whoAsks(services)(identifier)
    if (whose === 'several') {
      output.problem(
        'the identifier leads to several people of one kind: make the report with “report subject --subject”, and give it with --file',
      )
      return 1
    }
    const written = await writeSubjectReport(services, {
      identifier,
      dataSubjects: whose,
      requestedBy: by,
      answers: id,
      waiting: context,
    })
    const answered = await commandDesk(services).answer(id, written.hash, by)
    output.answer(
      { ...requestJson(answered, calendar), files: { ...written } },
      [lineOf(answered, calendar, services.clock.now()), written.pdf, written.html, written.json].join('\n'),
    )
    return 0
  }
}

const OBJECTIONS: Readonly<Record<Unanswerable, string>> = {
  closed: 'the request has its outcome',
  'other-right': 'a request of this right is answered with --file',
  unconfirmed: 'an answer with personal data needs the identity confirmed',
}

function listWork(): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'request') })
    const { store, calendar } = requestDeskDeps(services, services.commandLog)
    const now = services.clock.now()
    const open = (await store.open()).toSorted((a, b) => dueOf(a, calendar).localeCompare(dueOf(b, calendar)))
    output.answer(
      { requests: open.map((request) => requestJson(request, calendar)) },
      open.length === 0
        ? 'no request is open'
        : open.map((request) => lineOf(request, calendar, now)).join('\n'),
    )
    const exitCode: ExitCode = open.some((request) => leftOf(request, calendar, now) < 0) ? 1 : 0
    return exitCode
  }
}

function dueOf(request: DataSubjectRequest, calendar: OfficeCalendar): string {
  return deadlineOf(request, calendar)?.due.toString() ?? '9999'
}

function leftOf(request: DataSubjectRequest, calendar: OfficeCalendar, now: Micros): number {
  const deadline = deadlineOf(request, calendar)
  return deadline === null ? Number.POSITIVE_INFINITY : daysLeft(deadline, now, calendar.timeZone)
}

/** Without identifier and address: what a terminal or a ticket may show. */
function requestJson(
  request: DataSubjectRequest,
  calendar: OfficeCalendar,
): { readonly [key: string]: Json } {
  const { id, right, channel, receivedAt, identity, extension, outcome } = request
  return {
    id,
    right,
    channel,
    received: microsToIso(receivedAt),
    identity: identity.state,
    extended: extension !== null,
    due: deadlineOf(request, calendar)?.due.toString() ?? null,
    outcome: outcome === null ? null : asJson({ ...outcome, at: microsToIso(outcome.at) }),
  }
}

function lineOf(request: DataSubjectRequest, calendar: OfficeCalendar, now: Micros): string {
  const { id, right, identity, outcome } = request
  const left = leftOf(request, calendar, now)
  const waits = 'waits for proof of identity'
  const state =
    outcome?.kind ??
    (left === Number.POSITIVE_INFINITY
      ? waits
      : `due ${dueOf(request, calendar)}, ${left < 0 ? `${-left} days late` : `${left} days left`}`)
  return `${id}  Art. ${RIGHTS[right]} ${right}  identity ${identity.state}  ${state}`
}

import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { microsToIso, type Locale } from '@varco/core'
import {
  ALERT_STATES,
  answerAlert,
  describeFact,
  type Alert,
  type AlertQuery,
  type AlertRuleId,
  type AlertState,
  type AnswerRefusal,
} from '@varco/oversight'
import { postgresOversightStore, type WatchList } from '@varco/postgres'
import { Option, type Command } from 'commander'
import * as z from 'zod'
import { asJson } from '../as-json.ts'
import type { CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { recordReading } from '../compose/record-reading.ts'
import { openServices, type Services } from '../compose/services.ts'
import { peopleIndexOf, watcherOf } from '../compose/watching.ts'
import { withPseudonym, type ByOptions } from './by-option.ts'

export function registerAlerts(program: Command, run: Run): void {
  const alerts = program.command('alerts').description('what the watch over the log found worth asking about')
  withPseudonym(
    alerts
      .command('list')
      .description('alerts with their facts, the newest first')
      .addOption(new Option('--state <state>', 'only these').choices(ALERT_STATES))
      .option('--rule <rule>', 'only of this rule')
      .option('--contract <id>', 'only of this contract'),
  )
    .addHelpText('after', '\nExample:\n  $ varco alerts list --state open --by DPO-1')
    .action((options: ListOptions) => run(listWork(options)))
  for (const state of ['explained', 'confirmed'] as const) {
    withPseudonym(
      alerts
        .command(state === 'explained' ? 'explain' : 'confirm')
        .description(
          state === 'explained'
            ? 'answers an alert: there was a reason'
            : 'answers an alert: it is so; from now on 72 hours run (GDPR Art. 33)',
        )
        .argument('<id>', 'the alert')
        .requiredOption('--reason <text>', 'at least ten characters'),
    )
      .addHelpText(
        'after',
        `\nExample:\n  $ varco alerts ${state === 'explained' ? 'explain' : 'confirm'} A-0123456789abcdef --by DPO-1 --reason "…"`,
      )
      .action((id: string, options: ByOptions & { reason: string }) => run(answerWork(id, state, options)))
  }
  alerts
    .command('watch')
    .description('goes over what the log has gained, now; `varco serve` does so by itself')
    .addHelpText('after', '\nExample:\n  $ varco alerts watch')
    .action(() => run(watchWork))
  withPseudonym(
    alerts
      .command('mark')
      .description('puts a data subject on a list: a canary, or one whose every access is asked about')
      .argument('<kind:key>', 'such as producer:P-17')
      .addOption(new Option('--list <list>', 'which').choices(['vip', 'canary']).makeOptionMandatory())
      .requiredOption('--reason <text>', 'why'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  $ varco alerts mark producer:P-17 --list canary --by DPO-1 --reason "nobody has this file"',
    )
    .action((person: string, options: ByOptions & { list: WatchList; reason: string }) =>
      run(markWork(person, options)),
    )
  alerts
    .command('staff')
    .description(
      'takes in who works, from a JSON file, as keyed hashes alone: for the rules on oneself, family and colleagues',
    )
    .argument('<file>', 'a list of { pseudonym, taxCode, surname, address, municipality }')
    .addHelpText('after', '\nExample:\n  $ varco alerts staff staff.json')
    .action((file: string) => run(staffWork(file)))
}

interface ListOptions extends ByOptions {
  readonly state?: AlertState
  readonly rule?: string
  readonly contract?: string
}

const MOST = 1_000

function listWork({ by, state, rule, contract }: ListOptions): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'alerts') })
    const query: AlertQuery = {
      limit: MOST,
      ...(state === undefined ? {} : { state }),
      ...(rule === undefined ? {} : { rule: rule as AlertRuleId }),
      ...(contract === undefined ? {} : { contract }),
    }
    const found = await postgresOversightStore(services.databases.state).alerts(query)
    await recordReading(services, by, { alerts: found.length })
    const { locale } = services.policy.current().document.varco
    output.answer(
      found.map((alert) => asJson(alert)),
      found.length === 0 ? 'no alerts' : found.map((alert) => alertText(alert, locale)).join('\n\n'),
    )
    return 0
  }
}

function alertText(alert: Alert, locale: Locale): string {
  const { id, state, rule, operator, contract, eventCount, events, firstAt, lastAt, decision } = alert
  const about = [operator, contract].filter((part) => part !== null).join(' · ')
  return [
    `${id}  ${state}  ${rule}  ${about}`,
    `  ${microsToIso(firstAt)} – ${microsToIso(lastAt)}, ${eventCount}: ${events.slice(0, 5).join(' ')}${events.length > 5 ? ' …' : ''}`,
    ...alert.facts.map((fact) => `  - ${describeFact(fact, locale)}`),
    ...alert.contests.map(({ at, text }) => `  ! ${microsToIso(at)} ${text}`),
    ...(decision === null ? [] : [`  = ${decision.by} ${microsToIso(decision.at)}: ${decision.reason}`]),
  ].join('\n')
}

const REFUSED: Readonly<Record<AnswerRefusal, string>> = {
  unknown: 'there is no such alert',
  'answered-before': 'the alert was answered before',
  'own-alert': 'nobody answers an alert about themselves',
  'no-reason': 'an answer has a reason of at least ten characters',
}

function answerWork(
  id: string,
  state: Exclude<AlertState, 'open'>,
  { by, reason }: ByOptions & { readonly reason: string },
): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'alerts') })
    const answered = await answerAlert(
      {
        store: postgresOversightStore(services.databases.state),
        log: services.commandLog,
        clock: services.clock,
        newRequestId: randomUUID,
      },
      { id, state, by, reason },
    )
    if (answered.refused !== null) {
      output.problem(REFUSED[answered.refused])
      return answered.refused === 'no-reason' ? 2 : 1
    }
    const notifyBy = answered.notifyBy === null ? null : microsToIso(answered.notifyBy)
    output.answer(
      { id, state, notifyBy },
      notifyBy === null
        ? `${id} is ${state}`
        : `${id} is ${state}; the supervisor must be told by ${notifyBy}`,
    )
    return 0
  }
}

const watchWork: CommandWork = async ({ config, output }) => {
  await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'alerts') })
  await peopleIndexOf(services).indexPeople(services.policy.current())
  const pass = await watcherOf(services).pass()
  const counts = await postgresOversightStore(services.databases.state).alertCounts()
  output.answer(
    { ...pass, alerts: counts },
    `${pass.events} accesses watched; ${counts.open} alerts open, ${counts.explained} explained, ${counts.confirmed} confirmed`,
  )
  return 0
}

function markWork(
  person: string,
  { list, by, reason }: ByOptions & { readonly list: WatchList; readonly reason: string },
): CommandWork {
  return async ({ config, output }) => {
    const [kind = '', ...rest] = person.split(':')
    const id = rest.join(':')
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'alerts') })
    if (id === '' || !Object.hasOwn(services.policy.current().document.varco.data_subjects, kind)) {
      output.problem('a data subject is written kind:key, with a kind that the bundle knows')
      return 2
    }
    await peopleIndexOf(services).putOnList(list, { kind, id }, { by, at: services.clock.now(), reason })
    output.answer({ list, marked: true }, `on the list ${list}`)
    return 0
  }
}

const textSchema = z.string().min(1).nullable().default(null)
const staffSchema = z.array(
  z.strictObject({
    pseudonym: z.string().min(1),
    taxCode: textSchema,
    surname: textSchema,
    address: textSchema,
    municipality: textSchema,
  }),
)

function staffWork(file: string): CommandWork {
  return async ({ config, output }) => {
    const staff = readStaff(await readFile(file, 'utf8').catch(() => ''))
    if (staff === null) {
      output.problem(`${file} is not a list of { pseudonym, taxCode, surname, address, municipality }`)
      return 2
    }
    await using services: Services = await openServices({
      config,
      diagnostics: commandDiagnostics(config, 'alerts'),
    })
    await peopleIndexOf(services).enrolStaff(staff)
    output.answer({ people: staff.length }, `${staff.length} people, as keyed hashes`)
    return 0
  }
}

function readStaff(text: string): z.infer<typeof staffSchema> | null {
  try {
    return staffSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

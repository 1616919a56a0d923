import cluster from 'node:cluster'
import { randomBytes, randomUUID } from 'node:crypto'
import { startHeartbeats, type AccessLog } from '@varco/access-log'
import { asId, ConfigError, type Config, type RequestId } from '@varco/core'
import type { Notices } from '@varco/engagement'
import { serveConsole, type ConsoleDeps, type DataSubjectFinder, type PlanRunner } from '@varco/console'
import { followShadow, type LiveShadowOptions } from '@varco/policy'
import {
  freePort,
  leaseWriter,
  openDatabase,
  openBudgetStore,
  openInstructionStore,
  openRestrictionStore,
  postgresAccessCounts,
  postgresOversightFigures,
  postgresOversightStore,
  openProofMemory,
  postgresRecordSource,
  postgresRecordWriter,
  postgresSavedSearches,
  postgresSessionStore,
  READING_MS,
  type Database,
} from '@varco/postgres'
import { openRequestDesk } from '@varco/reports'
import { createOperations, createProxy, serveProxy, type ProxyDependencies } from '@varco/proxy'
import { openVault } from './identities.ts'
import { byMail, byWebhook } from '../notices/ways.ts'
import { openDelivery } from '../notices/delivery.ts'
import { actLog } from './act-log.ts'
import { canaryAlarm } from './canary-alarm.ts'
import { consoleReports } from './console-reports.ts'
import { startContractEnds } from './contract-ends.ts'
import { workDesk } from './declared-work.ts'
import { planPapers } from '../documents/plan-papers.ts'
import { requestDeskDeps } from './request-desk.ts'
import { planRunner } from './plan-runner.ts'
import {
  freshRestrictions,
  restrictedElsewhere,
  restrictedWriter,
  withoutRestricted,
} from './restricted-records.ts'
import { overdueRetention } from './overdue-retention.ts'
import { retentionDesk } from './retention-desk.ts'
import { startLogChecks } from './log-checks.ts'
import { startRetentionScheduler } from './retention-scheduler.ts'
import { startRequestReminders } from './request-reminders.ts'
import { openServingLog, type ServingLog } from './serving-log.ts'
import type { Services } from './services.ts'
import { startTicketCounts } from './ticket-counts.ts'
import { startWatching } from './watching.ts'
import { whoAsks } from './who-asks.ts'

export const SERVED_PARTS = ['proxy', 'console', 'scheduler'] as const
export type ServedPart = (typeof SERVED_PARTS)[number]

/** What one process serves. */
export interface ServingOptions {
  /** `null`: everything. */
  readonly only: ServedPart | null
  /** Where each issuer is reached, when not at its own address. */
  readonly issuerAddresses: Readonly<Record<string, string>>
  /** The console's secret at the identity provider; `null` for a public client. */
  readonly clientSecret: string | null
}

export interface Serving extends AsyncDisposable {
  readonly proxyUrl: string | null
  readonly consoleUrl: string | null
  /** Where a scheduler that serves nothing else tells how it is doing; `null` where the proxy's address does. */
  readonly operationsUrl: string | null
  /** Resolves when this process can append to the log no more: it must end, for it can show nothing. */
  readonly ended: Promise<Error>
  /** Goes over what the log has gained, now, and does not wait for the next turn. */
  readonly watchNow: () => Promise<void>
}

/** Between two notes of where every tree stands: what is taken away of the log later than that shows. */
const HEARTBEAT_MS = 30_000
/** Further ones wait their turn. */
const CHANGES_AT_ONCE = 4
const READINGS_AT_ONCE = 12

/**
 * Listens. At the end takes no more requests, finishes those under way, then closes the log.
 * @throws ConfigError when a port is taken, or a live process serves under the same writer's name
 */
export async function startServing(services: Services, options: ServingOptions): Promise<Serving> {
  const { config, databases, diagnostics, logStore, anchors, clock, keys } = services
  await using stack = new AsyncDisposableStack()
  const lease = await leaseWriter(databases.state.url, config.VARCO_WRITER)
  if (lease === null) {
    const name = config.VARCO_WRITER
    throw new ConfigError(
      'VARCO_WRITER',
      `another process serves as ${name}; give this one a name of its own in VARCO_WRITER`,
    )
  }
  stack.use(lease)
  const log = stack.use(await openServingLog(services))
  const notices = stack.use(openDelivery({ ways: waysOf(config), diagnostics }))
  const reading = {
    store: logStore,
    reading: logStore,
    keys: keys.log,
    clock,
    anchors,
    newRequestId: randomUUID,
  }
  stack.use(startHeartbeats({ ...reading, everyMs: HEARTBEAT_MS, diagnostics }))
  const watching = stack.use(startWatching(services, diagnostics))
  stack.use(startTicketCounts(services, diagnostics))
  stack.use(startContractEnds(services, log, diagnostics))
  stack.use(startRequestReminders(requestDeskDeps(services, log), diagnostics))
  // Connections of their own: a change waits for its record in the log while it holds one.
  const changes = openDatabase({ url: databases.records.url, name: 'varco-changes', max: CHANGES_AT_ONCE })
  stack.use(changes)
  // And of theirs, that the server ends what the gate no longer waits for; retention and exports may take longer.
  const reads = openDatabase({
    ...{ url: databases.records.url, name: 'varco-reads', max: READINGS_AT_ONCE },
    statementMs: READING_MS,
  })
  stack.use(reads)
  const upstreams = await services.upstreams.pools()
  const host = config.VARCO_HOST
  const serves = (part: ServedPart): boolean => options.only === null || options.only === part
  const scheduler = serves('scheduler')
    ? stack.use(startRetentionScheduler(services, log, diagnostics))
    : null
  const readings = { ...readingsOf(reads, log), ...scheduler?.readings }
  const shadow = serves('proxy') ? stack.use(await followShadow(shadowDeps(services))) : null
  const proxy =
    shadow === null
      ? null
      : stack.use(
          await serveProxy(
            createProxy({
              ...proxyDependencies(services, log, notices, { reads, changes }, options),
              ...{ shadow, upstreams, readings, canaryWatch: canaryAlarm(watching, diagnostics) },
            }),
            {
              host,
              port: config.VARCO_PROXY_PORT,
              diagnostics,
            },
          ),
        )
  const health = serves('console') ? stack.use(startLogChecks(services, diagnostics)) : null
  const runs = stack.use(planRunner(retentionDesk(services, log), diagnostics))
  const reports = stack.use(consoleReports(services, log))
  const console =
    health === null
      ? null
      : stack.use(
          await serveConsole(
            { ...(await consoleDeps(services, log, notices, options, runs)), health, reports },
            {
              host,
              port: config.VARCO_CONSOLE_PORT,
            },
          ),
        )
  const operations =
    options.only !== 'scheduler'
      ? null
      : stack.use(
          await serveProxy(createOperations({ probes: probesOf(services, log), readings, newRequestId }), {
            ...{ host, port: config.VARCO_PROXY_PORT, diagnostics },
          }),
        )
  const started = stack.move()
  return {
    operationsUrl: operations?.url ?? null,
    proxyUrl: proxy?.url ?? null,
    consoleUrl: console === null ? null : consoleUrlOf(config),
    ended: log.ended,
    watchNow: async () => {
      await watching.pass()
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

/** The console's own address is part of its logins: a port left open is chosen before anything listens. */
export async function withConsolePort(config: Config): Promise<Config> {
  return config.VARCO_CONSOLE_PORT === 0 ? { ...config, VARCO_CONSOLE_PORT: await freePort() } : config
}

/** Where people reach the console. */
export function consoleUrlOf(config: Config): string {
  return config.VARCO_CONSOLE_URL ?? `http://${config.VARCO_HOST}:${config.VARCO_CONSOLE_PORT}`
}

function waysOf({ VARCO_SMTP_URL: mail, VARCO_NOTICE_WEBHOOK: webhook, ...config }: Config) {
  const from = config.VARCO_MAIL_FROM
  return {
    ...(mail === undefined ? {} : { mail: byMail({ url: mail, from, consoleUrl: consoleUrlOf(config) }) }),
    ...(webhook === undefined ? {} : { webhook: byWebhook(webhook) }),
  }
}

function proxyDependencies(
  services: Services,
  log: ServingLog,
  notices: Notices,
  { reads, changes }: { readonly reads: Database; readonly changes: Database },
  options: ServingOptions,
): ProxyDependencies {
  const { config, databases, policy, engagement, keys, clock, diagnostics } = services
  const bundle = () => policy.current()
  const restricted = { bundle, restrictions: freshRestrictions(openRestrictionStore(databases.state), clock) }
  return {
    bundle,
    engagement,
    records: withoutRestricted(postgresRecordSource(reads), restricted),
    restricted: restrictedElsewhere(restricted),
    writer: restrictedWriter(postgresRecordWriter(changes), restricted),
    budgets: openBudgetStore(databases.state),
    proofs: openProofMemory(databases.state),
    accessLog: log,
    maskKeys: { hmac: keys.mask },
    clock,
    newRequestId,
    diagnostics,
    audience: config.VARCO_AUDIENCE,
    issuerAddresses: options.issuerAddresses,
    tickets: { store: services.tickets },
    instructions: { store: openInstructionStore(databases.state), log: actLog(log) },
    work: workDesk(services, log),
    copies: services.copies,
    grants: grantsDesk(services, log, notices),
    ...publicUrlOf(config),
    ...(options.only === 'proxy' && config.VARCO_CONSOLE_URL === undefined
      ? {}
      : { consoleUrl: consoleUrlOf(config) }),
    trustedFronts: config.VARCO_TRUSTED_FRONTS.split(',').flatMap((front) => front.trim() || []),
    ...(cluster.isWorker ? { labels: { worker: config.VARCO_WRITER } } : {}),
    probes: probesOf(services, log),
  }
}

function probesOf({ databases }: Services, log: ServingLog): NonNullable<ProxyDependencies['probes']> {
  return {
    state: () => databases.state.pool.query('SELECT 1'),
    records: () => databases.records.pool.query('SELECT 1'),
    log: log.probe,
  }
}

function grantsDesk(services: Services, log: AccessLog, notices: Notices): ConsoleDeps['grants'] {
  return {
    store: services.grants,
    log: actLog(log),
    notices,
    newGrantId: () => asId(`G-${randomBytes(10).toString('hex')}`),
  }
}

/** Nobody can know beforehand which port a proxy will get that may choose one. */
function publicUrlOf(config: Config): Pick<ProxyDependencies, 'publicUrl'> {
  const { VARCO_PROXY_URL: url, VARCO_HOST: host, VARCO_PROXY_PORT: port } = config
  if (url !== undefined) return { publicUrl: url }
  return port === 0 ? {} : { publicUrl: `http://${host}:${port}` }
}

function shadowDeps({
  shadowStore: store,
  policyStore: policies,
  clock,
  diagnostics,
}: Services): LiveShadowOptions {
  return { store, policies, clock, diagnostics }
}

function readingsOf(reads: Database, log: ServingLog): NonNullable<ProxyDependencies['readings']> {
  return {
    varco_log_queued_events: { help: 'Events that wait for their batch', value: () => log.metrics().queued },
    varco_log_last_batch_events: { help: 'Events in the last batch', value: () => log.metrics().lastBatch },
    varco_log_last_commit_seconds: {
      help: 'How long the last commit took',
      value: () => log.metrics().lastCommitMs / 1_000,
    },
    varco_log_anchor_lag_events: {
      help: 'Events of this node that the last checkpoint at the anchor does not cover',
      label: 'anchor',
      values: () => log.metrics().anchorLag,
    },
    varco_log_time_ahead_seconds: {
      help: 'By how much the last event of this node is ahead of its clock, which then had jumped',
      value: () => log.metrics().aheadMs / 1_000,
    },
    varco_log_failures: { help: 'Batches that could not be committed', value: () => log.metrics().failures },
    varco_records_queries_waiting: {
      help: 'Queries that wait for a connection to the records',
      value: () => reads.pool.waitingCount,
    },
  }
}

async function consoleDeps(
  services: Services,
  log: AccessLog,
  notices: Notices,
  options: ServingOptions,
  runner: PlanRunner,
): Promise<Omit<ConsoleDeps, 'health' | 'reports'>> {
  const { config, databases, policy, engagement, reader, clock, diagnostics, keys } = services
  const retention = retentionDesk(services, log)
  return {
    bundle: async () => policy.current(),
    reader,
    log,
    engagement,
    grants: grantsDesk(services, log, notices),
    sessions: postgresSessionStore(databases.state),
    policies: services.policyStore,
    shadow: services.shadowStore,
    alerts: postgresOversightStore(databases.state),
    vault: await openVault(services, log),
    people: services.people,
    life: { store: services.contractLife, log: actLog(log) },
    figures: postgresOversightFigures(databases.state, keys.log.lookup),
    work: workDesk(services, log),
    counts: postgresAccessCounts(databases.state),
    searches: postgresSavedSearches(databases.state),
    copies: services.copies,
    requests: requestAccess(services, log),
    retention: {
      ...{ desk: retention, runner, policies: services.policyStore },
      papers: planPapers(retention),
      overdue: overdueRetention(services, retention),
    },
    dataSubjects: dataSubjectFinder(services),
    clock,
    ids: { requestId: newRequestId, secret: () => randomBytes(32).toString('base64url') },
    diagnostics,
    config: {
      consoleUrl: consoleUrlOf(config),
      clientId: config.VARCO_CONSOLE_CLIENT_ID,
      clientSecret: options.clientSecret,
      sealingSecret: keys.console.toString('base64url'),
      issuerAddresses: options.issuerAddresses,
      logVerifierKey: keys.log.verifier,
    },
  }
}

function newRequestId(): RequestId {
  return asId<RequestId>(randomUUID())
}

function requestAccess(services: Services, log: AccessLog): ConsoleDeps['requests'] {
  const deps = requestDeskDeps(services, log)
  return {
    ...{ store: deps.store, calendar: deps.calendar, desk: openRequestDesk(deps) },
    whoAsks: whoAsks(services),
  }
}

/** One person or nobody: where an identifier fits several, the console asks for another. */
function dataSubjectFinder({ subjectRecords, policy }: Services): DataSubjectFinder {
  return {
    find: async ({ kind, field, value }) => {
      const found = await subjectRecords.find(policy.current(), value, { kind, field })
      const [only, ...others] = found
      return only === undefined || others.length > 0 ? null : only.ref
    },
  }
}

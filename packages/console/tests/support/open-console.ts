import { randomBytes, randomUUID } from 'node:crypto'
import {
  actDraft,
  generateLogKeys,
  openAccessLog,
  openAccessLogReader,
  openIdentityVault,
  type AccessLogReader,
  type AccessLogWriter,
  type EventDraft,
  type IdentityVault,
} from '@varco/access-log'
import { eventDraft, memoryLogStore, memoryVaultStore, type MemoryLogStore } from '@varco/access-log/testing'
import { createConsole, type ConsoleDeps, type LogStanding } from '@varco/console'
import { asId, isoToMicros, type DataSubjectRef, type SafeFields } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import {
  NO_NOTICES,
  type ActLog,
  type ContractLifeStore,
  type EngagementWriter,
  type GrantStore,
  sealedWorkKeys,
} from '@varco/engagement'
import { memoryContractLife, memoryCopies, memoryEngagement, memoryWork } from '@varco/engagement/testing'
import { memoryOversightStore } from '@varco/oversight/testing'
import type { PolicyStore, ShadowStore } from '@varco/policy'
import { fixtureBundle, memoryPolicyStore, memoryShadowStore } from '@varco/policy/testing'
import { holidaysOf, openRequestDesk, type RequestStore } from '@varco/reports'
import { memoryRequestStore } from '@varco/reports/testing'
import type { Hono } from 'hono'
import type { ConsoleEnv } from '../../src/visit/visit.ts'
import { countsFromReader } from './counts-from-reader.ts'
import { startFakeIdentityProvider, type FakeIdentityProvider } from './fake-identity-provider.ts'
import { memoryFigures, type MemoryFigures } from './memory-figures.ts'
import { memoryReports } from './memory-reports.ts'
import { memoryRetention } from './memory-retention.ts'
import { memorySavedSearches } from './memory-saved-searches.ts'
import { memorySessionStore } from './memory-session-store.ts'
import { staff } from './staff.ts'
import { Visitor } from './visitor.ts'

/** Tuesday morning, in Rome. */
export const MORNING = isoToMicros('2026-11-24T10:32:05.123456+01:00') ?? 0n

export interface OpenConsole extends AsyncDisposable {
  readonly app: Hono<ConsoleEnv>
  readonly deps: ConsoleDeps
  readonly clock: ManualClock
  readonly store: MemoryLogStore
  readonly log: AccessLogWriter
  readonly reader: AccessLogReader
  /** What Today says of the log; a test may change it. */
  readonly standing: { anchors: LogStanding['anchors']; check: LogStanding['check'] }
  readonly sessions: ReturnType<typeof memorySessionStore>
  readonly engagement: ReturnType<typeof staff>
  readonly oversight: ReturnType<typeof memoryOversightStore>
  readonly copies: ReturnType<typeof memoryCopies>
  readonly requests: RequestStore
  readonly reports: ReturnType<typeof memoryReports>
  readonly retention: ReturnType<typeof memoryRetention>
  readonly provider: FakeIdentityProvider
  /** The contractor's. */
  readonly aurora: FakeIdentityProvider
  readonly grants: GrantStore & Pick<EngagementWriter, 'putContractState'>
  readonly life: ContractLifeStore
  readonly figures: MemoryFigures
  readonly vault: IdentityVault
  readonly policies: PolicyStore
  readonly shadow: ShadowStore
  readonly technicalLog: { message: string; fields: SafeFields | undefined }[]
  readonly visitor: (headers?: Record<string, string>) => Visitor
  /** Appends an access of an operator, as the proxy would. */
  readonly access: (over?: Partial<EventDraft>) => Promise<string>
}

/** Whom the data subject finder knows, by `kind:field:value`. */
export const DATA_SUBJECTS: Readonly<Record<string, DataSubjectRef>> = {
  'producer:tax_code:RSSMRA80A01H501U': { kind: 'producer', id: 'P-1' },
  'producer:id:P-1': { kind: 'producer', id: 'P-1' },
}

/** A console on a real access log in memory, in front of a real OpenID flow. */
export async function openConsole(
  over: Partial<ConsoleDeps> = {},
  { consoleUrl = 'https://varco.gse.example', start = MORNING, bundle = fixtureBundle() } = {},
): Promise<OpenConsole> {
  const clock = new ManualClock(start)
  const store = memoryLogStore()
  const keys = generateLogKeys('gse.example/varco')
  const log = await openAccessLog({ store, keys, clock, writer: asId('console-1') })
  const reader = openAccessLogReader({ store, keys })
  const sessions = memorySessionStore()
  const policies = memoryPolicyStore({ clock })
  const shadow = memoryShadowStore({ clock, policies })
  const oversight = memoryOversightStore()
  const vault = await openIdentityVault({
    ...{ log, reader, clock, store: memoryVaultStore() },
    secret: randomBytes(32),
    newId: randomUUID,
  })
  const engagement = staff()
  const copies = memoryCopies()
  const requests = memoryRequestStore()
  const calendar = { timeZone: 'Europe/Rome', isHoliday: holidaysOf('IT') }
  const desk = openRequestDesk({ store: requests, log, clock, newId: randomUUID, calendar })
  const provider = await startFakeIdentityProvider('https://login.gse.example')
  const aurora = await startFakeIdentityProvider('https://login.aurora.example')
  aurora.person = { sub: 'anna', name: 'Anna Gialli' }
  const grants = memoryEngagement({ contracts: [...engagement.states.values()] })
  const life = memoryContractLife(grants)
  const figures = memoryFigures()
  const acts: ActLog = {
    append: ({ kind, ...particulars }) => log.append(actDraft(kind, particulars)),
  }
  const technicalLog: OpenConsole['technicalLog'] = []
  const note = (message: string, fields?: SafeFields): void => {
    technicalLog.push({ message, fields })
  }
  let given = 0
  const retention = memoryRetention({ log, clock, bundle: () => bundle })
  const reports = memoryReports({
    ...{ log, reader, bundle, clock, figures, copies, store: life },
    logStore: store,
    verifierKey: keys.verifier,
  })
  const standing: OpenConsole['standing'] = {
    anchors: [{ name: 'file', of: 'events', behind: 0, trouble: null }],
    check: { at: start, ok: true, events: 1_234, findings: 0 },
  }
  const deps: ConsoleDeps = {
    bundle: async () => bundle,
    reader,
    health: { standing: async () => standing },
    log,
    engagement,
    grants: {
      store: grants,
      log: acts,
      notices: NO_NOTICES,
      newGrantId: () => asId(`G-${++given}`),
    },
    sessions,
    policies,
    shadow,
    alerts: oversight,
    vault,
    people: {
      everyone: async () => ({ operators: [], assignments: engagement.everyAssignment() }),
      assignmentsOf: async (operator) =>
        engagement.everyAssignment().filter((each) => each.operator === operator),
    },
    life: { store: life, log: acts },
    figures,
    work: {
      ...{ store: memoryWork(), keys: sealedWorkKeys(randomBytes(32)), log: acts },
      closings: { of: async () => ({ closed: [], asked: [] }) },
    },
    counts: countsFromReader(reader),
    searches: memorySavedSearches(),
    copies,
    retention: retention.access,
    reports,
    requests: {
      ...{ store: requests, desk, calendar },
      whoAsks: async (identifier) => {
        if (identifier === 'HOMONYM') return 'several'
        const found = DATA_SUBJECTS[`producer:tax_code:${identifier}`]
        return found === undefined ? [] : [found]
      },
    },
    dataSubjects: {
      find: async ({ kind, field, value }) => DATA_SUBJECTS[`${kind}:${field}:${value}`] ?? null,
    },
    clock,
    ids: { requestId: () => asId(randomUUID()), secret: () => randomBytes(32).toString('base64url') },
    diagnostics: { debug: note, info: note, warn: note, error: note },
    config: {
      consoleUrl,
      clientId: 'varco-console',
      clientSecret: 'a secret of the console',
      sealingSecret: 'seals what travels through the browser',
      issuerAddresses: { [provider.issuer]: provider.address, [aurora.issuer]: aurora.address },
      logVerifierKey: keys.verifier,
    },
    ...over,
  }
  const app = createConsole(deps)
  return {
    app,
    deps,
    clock,
    store,
    log,
    reader,
    standing,
    sessions,
    engagement,
    oversight,
    copies,
    requests,
    reports,
    retention,
    provider,
    aurora,
    grants,
    life,
    figures,
    vault,
    policies,
    shadow,
    technicalLog,
    visitor: (headers = { 'accept-language': 'it' }) => new Visitor(app, consoleUrl, headers),
    access: async (changes = {}) => {
      const appended = await log.append(
        eventDraft({ processor: 'aurora', contract: 'aurora-2026', unit: 'contact-centre', ...changes }),
      )
      return appended.id
    },
    [Symbol.asyncDispose]: async () => {
      await log[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
      await aurora[Symbol.asyncDispose]()
    },
  }
}

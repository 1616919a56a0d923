import type { AccessLog, AccessLogReader } from '@varco/access-log'
import type { Clock, Diagnostics, RequestId } from '@varco/core'
import {
  declaredWorkCounts,
  type CopiesLedger,
  type EngagementStore,
  type GrantDesk,
  type LifeDesk,
  type PeopleDirectory,
  type WorkClosings,
  type WorkDesk,
} from '@varco/engagement'
import type { AlertStore, OversightFigures } from '@varco/oversight'
import type { Bundle } from '@varco/policy'
import { Hono } from 'hono'
import { aboutRoutes } from './about/about-routes.tsx'
import { alertRoutes, type AlertRoutesDeps } from './alerts/alert-routes.tsx'
import { ASSETS_ROUTE, serveAsset } from './assets/assets.ts'
import { dataSubjectRoutes } from './data-subjects/data-subject-routes.tsx'
import { handleFault } from './errors/handle-fault.tsx'
import { notFoundPage } from './errors/refusals.tsx'
import { contractRoutes } from './contracts/contract-routes.tsx'
import { lifeRoutes } from './contracts/life-routes.tsx'
import { workRoutes } from './contracts/work-routes.tsx'
import { eventRoutes } from './event/event-routes.tsx'
import { grantRoutes } from './grants/grant-routes.tsx'
import type { AccessCounts } from './home/access-counts.ts'
import type { LogHealth } from './home/log-health.ts'
import { homeRoutes } from './home/home-routes.tsx'
import { languageRoutes } from './i18n/language-routes.ts'
import { timeZoneRoutes } from './i18n/time-zone-routes.tsx'
import type { DataSubjectFinder } from './log/data-subject-search.ts'
import { exportRoutes } from './log/export-routes.tsx'
import { logRoutes } from './log/log-routes.tsx'
import type { SavedSearches } from './log/saved-searches.ts'
import { createIdentityProvider, type IdentityProvider } from './login/identity-provider.ts'
import { loginRoutes } from './login/login-routes.tsx'
import { meRoutes } from './me/me-routes.tsx'
import { meWorkRoutes } from './me/me-work-routes.tsx'
import { policyRoutes } from './policies/policy-routes.tsx'
import type { ReportMaker } from './reports/report-maker.ts'
import { reportRoutes } from './reports/report-routes.tsx'
import { noticeRoutes } from './requests/notice-routes.tsx'
import type { RequestAccess } from './requests/request-desk-access.ts'
import { requestRoutes } from './requests/request-routes.tsx'
import { LETTER_FORM } from './retention/authority-routes.tsx'
import type { RetentionAccess } from './retention/retention-access.ts'
import { retentionRoutes } from './retention/retention-routes.tsx'
import { versionRoutes, type VersionRoutesDeps } from './policies/version-routes.tsx'
import type { SessionStore } from './session/session-store.ts'
import { createSessions } from './session/sessions.ts'
import { verifyRoutes } from './verify/verify-routes.tsx'
import { declareRoutes } from './work/declare-routes.tsx'
import { limitBodies } from './visit/limit-bodies.ts'
import { refuseForgery } from './visit/refuse-forgery.ts'
import { securityHeaders } from './visit/security-headers.ts'
import { receiveVisit, type ConsoleEnv } from './visit/visit.ts'

export interface ConsoleConfig {
  /** Address under which people reach the console, without a path: `https://varco.gse.example`. */
  readonly consoleUrl: string
  /** How the identity providers know the console; they must know `CONSOLE/login/callback` and `CONSOLE/` as return addresses. */
  readonly clientId: string
  /** `null`: a public client. */
  readonly clientSecret: string | null
  /** Seals what travels through the browser during a login; the same on every node. */
  readonly sealingSecret: string
  /** Where an issuer is reached, when not at its own address. */
  readonly issuerAddresses: Readonly<Record<string, string>>
  /** The log's public key (C2SP verifier key), with which each page checks the proof it shows. */
  readonly logVerifierKey: string
}

export interface ConsoleDeps {
  /** The bundle in force; throws `UnavailableError` when it cannot be had. */
  readonly bundle: () => Promise<Bundle>
  readonly reader: AccessLogReader
  readonly health: LogHealth
  readonly log: AccessLog
  readonly engagement: EngagementStore
  readonly grants: Omit<GrantDesk, 'engagement'>
  readonly sessions: SessionStore
  /** Every version that was pushed. */
  readonly policies: VersionRoutesDeps['policies']
  readonly shadow: VersionRoutesDeps['shadow']
  readonly alerts: AlertStore
  readonly vault: AlertRoutesDeps['vault']
  /** What the watch counted of each contract's work, by month. */
  readonly figures: OversightFigures
  /** Work off the system: tokens, declarations, their sums. */
  readonly work: WorkDesk & { readonly closings: WorkClosings }
  readonly counts: AccessCounts
  readonly searches: SavedSearches
  readonly copies: CopiesLedger
  readonly people: PeopleDirectory
  /** Contracts’ steps and exits. */
  readonly life: Omit<LifeDesk, 'copies'>
  readonly requests: RequestAccess
  readonly retention: RetentionAccess
  readonly reports: ReportMaker
  readonly dataSubjects: DataSubjectFinder
  readonly clock: Clock
  readonly ids: {
    readonly requestId: () => RequestId
    /** 256 random bits as text, new at each call. */
    readonly secret: () => string
  }
  readonly diagnostics: Diagnostics
  readonly config: ConsoleConfig
}

/** The console's pages, as a handler of requests. */
export function createConsole(deps: ConsoleDeps): Hono<ConsoleEnv> {
  const { reader, log, dataSubjects, engagement, clock, diagnostics, config } = deps
  const consoleUrl = new URL(config.consoleUrl)
  const secure = consoleUrl.protocol === 'https:'
  const sessions = createSessions({ store: deps.sessions, newSecret: deps.ids.secret, secure })
  const visit = receiveVisit({
    ...{ engagement, sessions, clock, diagnostics },
    bundle: deps.bundle,
    people: deps.people,
  })

  const app = new Hono<ConsoleEnv>()
  app.use(async (c, next) => {
    c.set('requestId', deps.ids.requestId())
    await next()
  })
  app.use(securityHeaders(consoleUrl))
  app.onError(handleFault(diagnostics))
  app.get('/healthz', (c) => c.text('ok'))
  app.get(ASSETS_ROUTE, serveAsset)

  app.use(visit)
  // Before the limits of the console's own forms: a report is larger than they are, and nobody needs to be signed in.
  app.route('/', verifyRoutes({ logVerifierKey: config.logVerifierKey }))
  app.route('/', declareRoutes({ work: deps.work }))
  app.use(limitBodies([LETTER_FORM]))
  app.use(refuseForgery(consoleUrl))
  app.route('/', languageRoutes(secure))
  app.route('/', timeZoneRoutes(secure))
  app.route('/', aboutRoutes())
  app.route(
    '/',
    loginRoutes({
      identityProvider: identityProviders(config, new URL('/login/callback', consoleUrl)),
      sessions,
      consoleUrl,
      sealingSecret: config.sealingSecret,
      diagnostics,
    }),
  )
  app.route(
    '/',
    homeRoutes({
      reader,
      alerts: deps.alerts,
      requests: deps.requests,
      health: deps.health,
      counts: deps.counts,
      figures: deps.figures,
      plansToApprove: () => waitingPlans(deps.retention),
      noticesToSend: () => waitingNotices(deps.retention),
      overdue: deps.retention.overdue,
      grants: deps.grants.store,
      life: deps.life.store,
      vault: deps.vault,
    }),
  )
  app.route('/', eventRoutes({ reader, log, logVerifierKey: config.logVerifierKey }))
  app.route(
    '/',
    alertRoutes({
      ...{ reader, log, clock },
      alerts: deps.alerts,
      vault: deps.vault,
      newRequestId: deps.ids.requestId,
    }),
  )
  app.route('/', dataSubjectRoutes({ reader, log }))
  app.route('/', exportRoutes({ reader, log, copies: deps.copies }))
  app.route('/', logRoutes({ reader, log, dataSubjects, searches: deps.searches }))
  app.route('/', grantRoutes({ grants: deps.grants, engagement, log }))
  app.route('/', contractRoutes({ engagement }))
  app.route(
    '/',
    workRoutes({
      ...{ people: deps.people, figures: deps.figures, log },
      declared: declaredWorkCounts(deps.work),
    }),
  )
  app.route('/', lifeRoutes({ life: deps.life, copies: deps.copies }))
  app.route('/', versionRoutes({ policies: deps.policies, shadow: deps.shadow, log }))
  app.route('/', policyRoutes())
  app.route('/', retentionRoutes({ ...deps.retention, log, copies: deps.copies }))
  app.route(
    '/',
    reportRoutes({
      ...{ maker: deps.reports, requests: deps.requests.store, log },
      newId: deps.ids.secret,
    }),
  )
  app.route('/', noticeRoutes({ desk: deps.retention.desk, log }))
  app.route('/', requestRoutes({ ...deps.requests, log, retention: deps.retention.desk }))
  app.route(
    '/',
    meRoutes({
      ...{ reader, log, clock },
      people: deps.people,
      alerts: deps.alerts,
      newRequestId: deps.ids.requestId,
    }),
  )
  app.route('/', meWorkRoutes({ work: deps.work }))
  app.notFound((c) => ('visit' in c.var ? c.html(notFoundPage(c.var.visit), 404) : c.text('not found', 404)))
  return app
}

const PLANS_LOOKED_AT = 50

async function waitingPlans({ desk }: RetentionAccess): Promise<number> {
  const plans = await desk.store.plans(PLANS_LOOKED_AT)
  return plans.filter(({ state }) => state === 'planned').length
}

/** As many as Today can tell; beyond, it says no fewer. */
const NOTICES_COUNTED = 1_000

async function waitingNotices({ desk }: RetentionAccess): Promise<number> {
  return (await desk.notices.waiting(NOTICES_COUNTED)).length
}

/** One client per issuer, kept: its metadata is fetched once. */
function identityProviders(config: ConsoleConfig, redirectUri: URL): (issuer: string) => IdentityProvider {
  const { clientId, clientSecret, issuerAddresses } = config
  const known = new Map<string, IdentityProvider>()
  return (issuer) => {
    const provider =
      known.get(issuer) ??
      createIdentityProvider({
        issuer,
        address: issuerAddresses[issuer] ?? issuer,
        clientId,
        clientSecret,
        redirectUri,
      })
    known.set(issuer, provider)
    return provider
  }
}

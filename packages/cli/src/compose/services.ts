import {
  identityHash,
  openAccessLogReader,
  type AccessLog,
  type AccessLogReader,
  type Anchor,
} from '@varco/access-log'
import { systemClock, type Clock, type Config, type Diagnostics } from '@varco/core'
import {
  liveEngagement,
  type ContractLifeStore,
  type CopiesLedger,
  type EngagementWriter,
  type GrantStore,
  type HideIdentity,
  type LiveEngagement,
  type PeopleDirectory,
  type TicketStore,
} from '@varco/engagement'
import { followPolicy, type LivePolicy, type PolicyStore, type ShadowStore } from '@varco/policy'
import {
  openContractLifeStore,
  openCopiesLedger,
  openEngagementStore,
  openGrantStore,
  openPeopleDirectory,
  openTicketStore,
  openLogStore,
  postgresPolicyStore,
  postgresShadowStore,
  postgresSubjectRecords,
  type PostgresLogStore,
} from '@varco/postgres'
import type { SubjectRecords } from '@varco/reports'
import { commandLog } from './command-log.ts'
import { homeOf, type Home } from './home.ts'
import { openKeyRing, type KeyRing } from './key-ring.ts'
import { openAnchors } from './open-anchors.ts'
import { openDatabases, type Databases } from './open-databases.ts'
import { upstreamConnections, type UpstreamConnections } from './upstream-connections.ts'

/** Everything commands are composed of, on real stores. */
export interface Services extends AsyncDisposable {
  readonly config: Config
  readonly home: Home
  readonly clock: Clock
  readonly diagnostics: Diagnostics
  readonly keys: KeyRing
  readonly databases: Databases
  readonly policyStore: PolicyStore
  readonly policy: LivePolicy
  readonly shadowStore: ShadowStore
  readonly engagement: LiveEngagement
  readonly engagementWriter: EngagementWriter
  readonly grants: GrantStore
  readonly contractLife: ContractLifeStore
  readonly copies: CopiesLedger
  readonly tickets: TicketStore
  readonly people: PeopleDirectory
  /** What stands in the database in place of a person's `sub`. */
  readonly hide: HideIdentity
  readonly logStore: PostgresLogStore
  readonly anchors: readonly Anchor[]
  /** Where commands leave their traces. */
  readonly commandLog: AccessLog
  readonly reader: AccessLogReader
  readonly subjectRecords: SubjectRecords
  readonly upstreams: UpstreamConnections
}

export interface ServicesOptions {
  readonly config: Config
  readonly diagnostics: Diagnostics
  /** Already open ones, which the caller closes; otherwise opened here. */
  readonly databases?: Databases
}

/** Opens the stores of a migrated installation; closes what it opened, last first. */
export async function openServices({
  config,
  diagnostics,
  databases: given,
}: ServicesOptions): Promise<Services> {
  await using stack = new AsyncDisposableStack()
  const home = homeOf(config)
  const clock = systemClock
  const keys = await openKeyRing(home.keys, { origin: config.VARCO_LOG_ORIGIN, create: false })
  const databases = given ?? stack.use(await openDatabases(config, home))
  const policyStore = postgresPolicyStore({ database: databases.state, clock })
  const policy = stack.use(await followPolicy({ store: policyStore, clock, diagnostics }))
  const hide = identityHash(keys.vault)
  const engagementStore = openEngagementStore(databases.state, hide)
  const engagement = stack.use(await liveEngagement({ store: engagementStore, feed: engagementStore, clock }))
  const logStore = stack.use(openLogStore(databases.state))
  const anchors = openAnchors(config, logStore)
  const upstreams = stack.use(upstreamConnections(config))
  const opened = stack.move()
  return {
    ...{ config, home, clock, diagnostics, keys, databases, policyStore, policy, engagement, logStore },
    engagementWriter: engagementStore,
    hide,
    grants: openGrantStore(databases.state),
    shadowStore: postgresShadowStore({ database: databases.state, clock }),
    contractLife: openContractLifeStore(databases.state),
    copies: openCopiesLedger(databases.state),
    tickets: openTicketStore(databases.state),
    people: openPeopleDirectory(databases.state),
    ...{ anchors, upstreams },
    commandLog: commandLog({ store: logStore, keys: keys.log, clock, anchors, diagnostics }),
    reader: openAccessLogReader({ store: logStore, keys: keys.log }),
    subjectRecords: postgresSubjectRecords(databases.records),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

import { randomBytes, randomUUID } from 'node:crypto'
import { generateLogKeys, openAccessLog, openAccessLogReader, openIdentityVault } from '@varco/access-log'
import { memoryLogStore, memoryVaultStore } from '@varco/access-log/testing'
import {
  asId,
  silentDiagnostics,
  systemClock,
  type EventId,
  type GrantId,
  type RequestId,
  type WriterId,
} from '@varco/core'
import { NO_NOTICES, sealedWorkKeys } from '@varco/engagement'
import { readmeExample } from '@varco/core/testing'
import { memoryContractLife, memoryCopies, memoryEngagement, memoryWork } from '@varco/engagement/testing'
import { memoryOversightStore } from '@varco/oversight/testing'
import { fixtureBundle, memoryPolicyStore, memoryShadowStore } from '@varco/policy/testing'
import { holidaysOf, openRequestDesk } from '@varco/reports'
import { memoryRequestStore } from '@varco/reports/testing'
import { expect, test } from 'vitest'
import { countsFromReader } from './support/counts-from-reader.ts'
import { memoryFigures } from './support/memory-figures.ts'
import { memoryReports } from './support/memory-reports.ts'
import { memoryRetention } from './support/memory-retention.ts'
import { memorySavedSearches } from './support/memory-saved-searches.ts'
import { memorySessionStore } from './support/memory-session-store.ts'
import { staff } from './support/staff.ts'
// #region example
import { serveConsole } from '@varco/console'

// #endregion

test('the example of the README runs as printed', async () => {
  const bundle = fixtureBundle()
  const keys = generateLogKeys('gse.example/varco')
  const store = memoryLogStore()
  await using log = await openAccessLog({
    store,
    keys,
    clock: systemClock,
    writer: asId<WriterId>('console-1'),
  })
  const reader = openAccessLogReader({ store, keys })
  const engagement = staff()
  const sessions = memorySessionStore()
  const policies = memoryPolicyStore({ clock: systemClock })
  const shadow = memoryShadowStore({ clock: systemClock, policies })
  const alerts = memoryOversightStore()
  const vault = await openIdentityVault({
    ...{ log, reader, clock: systemClock, store: memoryVaultStore() },
    secret: randomBytes(32),
    newId: randomUUID,
  })
  const newGrantId = () => asId<GrantId>('G-1')
  const grantStore = memoryEngagement()
  const actLog = { append: async () => ({ id: asId<EventId>('e-1') }) }
  const figures = memoryFigures()
  const life = { store: memoryContractLife(grantStore), log: actLog }
  const people = {
    everyone: async () => ({ operators: [], assignments: [] }),
    assignmentsOf: async () => [],
  }
  const counts = countsFromReader(reader)
  const searches = memorySavedSearches()
  const copies = memoryCopies()
  const { access: retention } = memoryRetention({ log, clock: systemClock, bundle: () => bundle })
  const reports = memoryReports({
    ...{ log, reader, bundle, figures, copies, clock: systemClock, store: life.store },
    ...{ logStore: store, verifierKey: keys.verifier },
  })
  const requestStore = memoryRequestStore()
  const calendar = { timeZone: 'Europe/Rome', isHoliday: holidaysOf('IT') }
  const requests = {
    store: requestStore,
    desk: openRequestDesk({ store: requestStore, log, clock: systemClock, newId: randomUUID, calendar }),
    calendar,
    whoAsks: async () => [],
  }
  const closings = { of: async () => ({ closed: [], asked: [] }) }
  const work = { store: memoryWork(), keys: sealedWorkKeys(randomBytes(32)), log: actLog, closings }
  // #region example
  const deps = {
    bundle: async () => bundle, // the policy in force
    reader, // openAccessLogReader(...) and openAccessLog(...) of @varco/access-log
    health: { standing: async () => ({ anchors: null, check: null }) }, // how the log stands
    log,
    engagement, // openEngagementStore(database) of @varco/postgres, live
    grants: { store: grantStore, log: actLog, notices: NO_NOTICES, newGrantId }, // openGrantStore(database), and the log behind it
    policies, // postgresPolicyStore({ database, clock })
    shadow, // postgresShadowStore({ database, clock })
    alerts, // postgresOversightStore(database)
    vault, // openIdentityVault({ store: openVaultStore(database), ... }), its key kept elsewhere
    sessions, // postgresSessionStore(database) of @varco/postgres
    people, // openPeopleDirectory(database)
    life, // { store: openContractLifeStore(database), log: the log behind it }
    figures, // postgresOversightFigures(database, key)
    work, // { store: openWorkStore(database), keys: sealedWorkKeys(secret), log and closings: the log behind it }
    counts, // postgresAccessCounts(database)
    searches, // postgresSavedSearches(database)
    copies, // openCopiesLedger(database)
    requests, // the store, the desk and the calendar of @varco/reports
    retention, // the desk of @varco/retention, who carries plans out, who writes their papers, what is late, the policy store
    reports, // makes the documents of @varco/reports
    dataSubjects: { find: async () => null }, // the body's records
    clock: systemClock,
    ids: {
      requestId: () => asId<RequestId>(randomUUID()),
      secret: () => randomBytes(32).toString('base64url'),
    },
    diagnostics: silentDiagnostics,
    config: {
      consoleUrl: 'https://varco.gse.example',
      clientId: 'varco-console',
      clientSecret: 'known to the identity provider alone',
      sealingSecret: 'seals what travels through the browser',
      issuerAddresses: {}, // every issuer is reached at its own address
      logVerifierKey: keys.verifier,
    },
  }
  const running = await serveConsole(deps, { host: '127.0.0.1', port: 0 })
  const answer = await fetch(`http://127.0.0.1:${running.port}/log`, { redirect: 'manual' })
  // #endregion
  await running[Symbol.asyncDispose]()
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/login?to=%2Flog'])
  const { printed, run } = await readmeExample(import.meta.filename)
  expect(printed).toBe(run)
})

import { actDraft } from '@varco/access-log'
import { asId, type Pseudonym } from '@varco/core'
import { grantFact } from '@varco/engagement/testing'
import { commitOf, findingOf } from '@varco/oversight/testing'
import { planRetention } from '@varco/retention'
import { expect } from 'vitest'
import type { OpenConsole } from './open-console.ts'
import type { Ids } from './routes-of.ts'
import type { Visitor } from './visitor.ts'

/**
 * Writes something in every place where people write, and tells under which ids it is found.
 * @param visitor signed in as a DPO who has proved who they are
 */
export async function writtenEverywhere(console: OpenConsole, visitor: Visitor, said: string): Promise<Ids> {
  const csrf = await visitor.csrf('/me')
  const request = await console.deps.requests.desk.receive({
    ...{ right: 'erasure', receivedAt: console.clock.now(), channel: 'post', by: 'gse-dpo-1' },
    ...{ identifier: said, replyTo: said },
  })
  await console.deps.requests.desk.refuse(request.id, 'right-does-not-apply', said, 'gse-dpo-1')
  const hold = { scope: 'record', of: 'producer', key: said, case: said, reason: said, csrf, sure: 'yes' }
  expect((await visitor.post('/retention/holds', hold)).status).toBe(303)
  const restriction = { of: 'producer', key: said, reason: said, csrf, sure: 'yes' }
  expect((await visitor.post('/retention/restrictions', restriction)).status).toBe(303)
  await console.retention.desk.store.addEvent({
    ...{ id: said, resource: said, event: said, hash: said, on: said, toldBy: asId(said), toldAt: 0n },
    seal: null,
  })
  await console.retention.desk.notices.queue([
    {
      ...{ id: said, request: said, act: 'erasure', processor: asId(said), contract: asId(said) },
      ...{ dataSubject: { kind: said, id: said }, resources: [said], copies: [said], queuedAt: 0n },
      settled: { how: 'told', by: asId(said), at: 0n, note: said },
    },
    {
      ...{ id: 'waiting', request: said, act: 'erasure', processor: asId(said), contract: asId(said) },
      ...{ dataSubject: null, resources: [said], copies: [said], queuedAt: 0n, settled: null },
    },
  ])
  const search = { name: said, query: 'decision=deny', csrf }
  expect((await visitor.post('/log/searches', search)).status).toBe(303)
  const plan = await planRetention(console.retention.desk, { by: asId('gse-administrator-1') })
  const finding = findingOf({ key: 'said', operator: 'gse-dpo-1', contract: null })
  await console.oversight.commit(commitOf({ findings: [finding], now: console.clock.now() }))
  const [alert] = await console.oversight.alerts({ limit: 1 })
  await console.oversight.addContest(alert?.id ?? '', { at: console.clock.now(), text: said })
  const answered = { by: 'gse-dpo-2', at: console.clock.now(), reason: said, notifyBy: null }
  await console.oversight.decideAlert(alert?.id ?? '', 'explained', answered)
  const grant = grantFact({ operator: asId('operator-dpo-1'), pseudonym: asId('gse-dpo-1'), reason: said })
  await console.grants.addGrant(grant)
  await console.log.append(
    actDraft('identity-opened', {
      ...{ requestId: 'opened', operator: 'gse-dpo-2' },
      detail: { pseudonym: 'gse-dpo-1', case: said, reason: said, requestedBy: said },
    }),
  )
  const pseudonym = asId<Pseudonym>(said)
  await console.vault.seal(pseudonym, { issuer: said, externalId: said })
  const opening = await console.vault.request({ pseudonym, caseId: said, reason: said, by: said })
  const version = await console.policies.put((await console.deps.bundle()).document, asId('gse-dpo-2'))
  return {
    '/requests/:id': request.id,
    '/requests/notice': `?id=${encodeURIComponent(said)}`,
    '/alerts/:id': alert?.id ?? '',
    '/alerts/openings/:request': opening.id,
    '/grants/:id': grant.id,
    '/retention/plans/:id': plan.id,
    '/retention/rules/:id': 'invoices-ten-years',
    '/contracts/:id': 'aurora-2026',
    '/log/events/:id': 'console-1.1.0',
    '/policies/versions/:version': version,
  }
}

import type { OrderedBy, ReportOrder, ReportOutcome, ReportUnderWay } from '@varco/console'
import { eventDraft } from '@varco/access-log/testing'
import { asId, microsToIso, type ContractId, type GrantId, type Pseudonym, type PurposeId } from '@varco/core'
import { copyFact, grantFact, ticketFact } from '@varco/engagement/testing'
import type { WorkFigure } from '@varco/oversight'
import { commitOf, findingOf } from '@varco/oversight/testing'
import type { Report } from '@varco/reports'
import { approvePlan, planRetention } from '@varco/retention'
import { grantBundle } from '../../packages/engagement/tests/grants/grant-world.ts'
import { certified } from '../../packages/console/tests/support/certified.ts'
import { addEventRule } from '../../packages/console/tests/support/event-rule.ts'
import { openConsole, type OpenConsole } from '../../packages/console/tests/support/open-console.ts'
import type { Visitor } from '../../packages/console/tests/support/visitor.ts'

/** Written wherever people write. */
export const WRITTEN = 'parola-lunghissima-senza-alcuno-spazio-'.repeat(2)

/** A console to go through from end to end. Of its documents some are long: one is being made, one is ready, one failed. */
export async function visitedConsole(consoleUrl: string): Promise<OpenConsole> {
  const console = await openConsole({}, { consoleUrl, bundle: grantBundle(addEventRule) })
  const make = console.reports.make.bind(console.reports)
  Object.assign(console.reports, {
    make: (order: ReportOrder, by: OrderedBy) => longFor(order.kind, console) ?? make(order, by),
  })
  console.retention.due.push(
    { key: '1', trigger: '2010-01-02', dataSubject: 'P-1' },
    { key: '2', trigger: '2010-01-03', dataSubject: 'P-2' },
  )
  return console
}

function longFor(kind: ReportOrder['kind'], { clock }: OpenConsole): Promise<ReportUnderWay> | null {
  const at = microsToIso(clock.now())
  const made = { at, content: 'ab'.repeat(32) } as Report['made']
  const outcomes: Readonly<Partial<Record<ReportOrder['kind'], Promise<ReportOutcome>>>> = {
    audit: new Promise(() => {}),
    transparency: Promise.resolve({
      kind: 'made',
      file: { made, size: 1_000_000, pieces: async function* () {} },
    }),
    tickets: Promise.resolve({ kind: 'failed', because: 'not-written' }),
  }
  const outcome = outcomes[kind]
  if (outcome === undefined) return null
  return Promise.resolve({
    progress: () => ({ step: 'setting', done: 300, of: 1_250 }),
    outcome,
    [Symbol.asyncDispose]: async () => {},
  })
}

/** @param who of the staff; a contractor's name: its own person; `null`: nobody who is known */
export async function signedIn(console: OpenConsole, who: string | null): Promise<Visitor> {
  const visitor = console.visitor()
  if (who === null) return visitor
  if (who === 'aurora') {
    await visitor.signIn('/me', who)
    return visitor
  }
  console.provider.person = { sub: who, name: 'Una Persona' }
  await visitor.signIn()
  await visitor.proveAgain()
  return visitor
}

/** What nobody writes, in the states it can be in. */
export async function moreToSee(console: OpenConsole): Promise<void> {
  const now = console.clock.now()
  const { desk, plans } = console.retention
  const by = asId<Pseudonym>('gse-maker')
  // A plan in each state.
  for (const state of ['approved', 'running', 'paused', 'ending', 'cancelled'] as const) {
    const plan = await planRetention(desk, { by })
    plans.set(plan.id, { ...plan, state, startedAt: state === 'approved' ? null : now })
  }
  await certified(console, await planRetention(desk, { by }), WRITTEN)
  const asked = await planRetention(desk, { by })
  plans.set(asked.id, { ...asked, approval: 'authority' })
  for (const as of ['owner', 'dpo'] as const)
    await approvePlan(desk, { plan: asked.id, as, by: asId(`gse-${as}-9`) })
  // Alerts of a person whose identity is kept, one of them about work in the body's own name.
  const anna = { issuer: 'https://login.aurora.example', externalId: 'anna' }
  const operator = await console.vault.enroll(anna, 'aurora-2026')
  const event = await console.log.append(
    eventDraft({ operator, processor: 'aurora', contract: 'aurora-2026' }),
  )
  const times = { firstAt: now, lastAt: now, events: [event.id] }
  await console.oversight.commit(
    commitOf({
      base: 1,
      now,
      findings: [
        findingOf({ ...times, operator, key: 'a' }),
        findingOf({ ...times, operator: 'AUR-anna', key: 'b', rule: 'volume' }),
        findingOf({ ...times, operator: null, key: 'c', rule: 'ticket-splitting' }),
      ],
    }),
  )
  await console.vault.request({ pseudonym: operator, caseId: 'RG 12/2026', reason: WRITTEN, by: 'DPO-9' })
  // Requests of each right, to be answered.
  for (const right of ['access', 'erasure', 'restriction'] as const) {
    const { id } = await console.deps.requests.desk.receive({
      ...{ right, receivedAt: now, channel: 'post', by: 'gse-dpo-9' },
      ...{ identifier: 'RSSMRA80A01H501U', replyTo: null },
    })
    await console.deps.requests.desk.settleIdentity(id, true, 'gse-dpo-9')
  }
  // A version in force, and one that another person wrote.
  const { document } = await console.deps.bundle()
  await console.policies.activate(await console.policies.put(document, 'ADM-9'), 'DPO-9')
  const changed = structuredClone(document)
  changed.access = changed.access.slice(1)
  const candidate = await console.policies.put({ ...changed, cases: [] }, 'ADM-9')
  // A trial that is over, with what differed in it.
  const { number } = await console.shadow.start(candidate, 'ADM-9')
  const { version: active } = await console.deps.bundle()
  await console.shadow.add(number, {
    ...{ active, candidate, asked: 120_000, differing: 7, left: 3, failed: 1 },
    recordsNotCompared: 2,
    differences: [
      {
        ...{ role: 'contact-centre.operator', contract: 'aurora-2026', purpose: null, action: 'read' },
        ...{ resource: 'invoice', active: 'permit', candidate: 'deny', count: 7 },
      },
    ],
  })
  // A ticket to ask for grants on, one that was asked for, and one taken in an emergency.
  const of = { contract: asId<ContractId>('aurora-2026'), purpose: asId<PurposeId>('antimafia-status') }
  const ticket = ticketFact({ ...of, id: asId('T-1'), dataSubject: 'P-1' })
  console.engagement.tickets.set(ticket.id, ticket)
  const approved = { state: 'approved', expiresAt: now + 3_600_000_000n } as const
  const emergency = { reviewDue: now + 86_400_000_000n, review: null }
  for (const over of [
    { id: asId<GrantId>('G-asked') },
    { id: asId<GrantId>('G-open'), ...approved },
    { id: asId<GrantId>('G-emergency'), ...approved, emergency },
  ]) {
    const grant = grantFact({ askedAt: now, ...over })
    await console.grants.addGrant({ ...grant, matter: { ...grant.matter, ticket: ticket.id } })
  }
  workDone(console)
  await console.copies.addCopy(copyFact({ contract: asId<ContractId>('borea-2023'), madeAt: now }))
}

/** What the watch counted of two months' work, some of it beyond the annex. */
export function workDone({ figures, clock }: Pick<OpenConsole, 'figures' | 'clock'>): void {
  const now = clock.now()
  const of = (dimension: WorkFigure['dimension'], value: string, accesses: number, workers = 40) =>
    ['2026-09', '2026-10'].map((month) => ({
      ...{ month, dimension, value, accesses, workers, decision: 'permit' as const },
      ...{ firstAt: now, fifthAt: now, evidence: ['console-1.1.0'] },
    }))
  figures.workOf.set('aurora-2026', [
    ...of('purpose', 'invoice-enquiry', 1_200),
    ...of('purpose', 'antimafia-assessment', 90),
    ...of('purpose', WRITTEN, 2, 1),
    ...of('action', 'read', 1_000),
    ...of('category', 'economic', 1_000),
  ])
  figures.refusalsOf.set('aurora-2026', [
    {
      ...{ month: '2026-10', purpose: 'antimafia-status', resource: 'antimafia_check', reason: 'no-grant' },
      ...{ field: 'outcome', refusals: 40, granted: 31, minutes: 620, workers: 9, grantedWorkers: 8 },
    },
  ])
  const openedAt = Number(now) - 60 * 86_400_000_000
  figures.ticketsOf.set('aurora-2026', [
    {
      ...{ id: 'T-1', dataSubject: 'k', purpose: 'invoice-enquiry', reopened: 0, price: 7.4 },
      ...{ openedAt, closedAt: openedAt + 600_000_000 },
    },
  ])
}

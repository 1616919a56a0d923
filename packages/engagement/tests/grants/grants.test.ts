import { asId, UnavailableError } from '@varco/core'
import {
  approveGrant,
  breakGlass,
  establishContext,
  overdueReviews,
  refuseAskedGrant,
  requestGrant,
  reviewBrokenGlass,
  revokeGrant,
  type Actor,
  type Grant,
  type GrantOutcome,
  type WantedGrant,
} from '@varco/engagement'
import { contractFact, FIXTURE_NOW, ticketFact } from '@varco/engagement/testing'
import { decide } from '@varco/policy'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { APPROVER, grantBundle, grantWorld, WANTED, type GrantWorld } from './grant-world.ts'

const MINUTE = 60_000_000n

function granted(outcome: GrantOutcome): Grant {
  if (!outcome.ok) throw new Error(`refused: ${outcome.code}`)
  return outcome.grant
}

function codeOf(outcome: GrantOutcome): string | null {
  return outcome.ok ? null : outcome.code
}

async function asked(world: GrantWorld, wanted: Partial<WantedGrant> = {}): Promise<Grant> {
  return granted(await requestGrant(world.desk, world.at(), await world.asker(), { ...WANTED, ...wanted }))
}

async function approved(world: GrantWorld): Promise<Grant> {
  const { id } = await asked(world)
  return granted(await approveGrant(world.desk, world.at(), APPROVER, id))
}

/** What the policy says to Anna, or another, who names the grant. */
async function decisionWith(
  { engagement, bundle }: GrantWorld,
  grant: string,
  now = FIXTURE_NOW,
  externalId = 'anna',
) {
  const caller = { issuer: 'https://login.aurora.example', externalId, ticket: 'T-antimafia', grant }
  const context = await establishContext(engagement, bundle, caller, now)
  if (!context.established) return context.reason
  const { principal, contract, ticket } = context
  const decision = decide(bundle, {
    ...{ now, principal, contract, ticket, grant: context.grant },
    ...{ purpose: 'antimafia-status', action: 'read', resource: 'antimafia_check' },
  })
  return decision.effect === 'deny' ? decision.reasons.map(({ code }) => code).join(' ') : 'seen'
}

test('a grant carries the norm of the rule that requires it, whatever that rule says later', async () => {
  const world = grantWorld()
  const { id } = await asked(world)
  expect((await world.engagement.grant(id))?.norm).toBe('Allegato A.5: la data, se l’unità lo autorizza')
})

test('a grant that is asked, approved and used opens one record, until it expires', async () => {
  const world = grantWorld()
  const { id } = await asked(world)
  expect(await decisionWith(world, id)).toBe('no-grant')
  const grant = granted(await approveGrant(world.desk, world.at(), APPROVER, id, { minutes: 30 }))
  expect(grant).toMatchObject({
    state: 'approved',
    decidedBy: 'GSE-PIA',
    expiresAt: FIXTURE_NOW + 30n * MINUTE,
  })
  expect(await decisionWith(world, id)).toBe('seen')
  expect(await decisionWith(world, id, FIXTURE_NOW + 30n * MINUTE - 1n)).toBe('seen')
  expect(await decisionWith(world, id, FIXTURE_NOW + 30n * MINUTE)).toBe('grant-expired')
  expect(world.acts.acts).toMatchObject([
    { kind: 'grant-asked', operator: 'AUR-7F3A', grant: id, ticket: 'T-antimafia', contract: 'aurora-2026' },
    { kind: 'grant-approved', operator: 'GSE-PIA', grant: id, detail: { for: 'AUR-7F3A' } },
  ])
})

test('what the log is told holds neither the record, nor the data subject, nor the reason', async () => {
  const world = grantWorld()
  const { id } = await asked(world, {
    record: '987654',
    dataSubject: 'P1',
    reason: 'Mario Rossi asks for it',
  })
  await revokeGrant(world.desk, world.at(), APPROVER, id)
  const told = JSON.stringify([world.acts.acts, world.told], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  for (const secret of ['987654', 'P1"', 'Rossi']) expect(told).not.toContain(secret)
})

test('the unit that owns the records is told, at its address', async () => {
  const world = grantWorld(
    grantBundle(({ varco }) => {
      varco.units['antimafia-unit'] = { title: { it: 'Antimafia', en: 'Antimafia' }, email: 'am@gse.example' }
    }),
  )
  await asked(world)
  expect(world.told).toMatchObject([{ kind: 'grant-asked', unit: 'antimafia-unit', email: 'am@gse.example' }])
})

describe('asking', () => {
  test.each<[string, Partial<WantedGrant>, string]>([
    ['no record and no data subject', { record: null }, 'grant-too-wide'],
    ['an empty key', { record: '' }, 'grant-too-wide'],
    ['longer than the bundle allows', { minutes: 121 }, 'grant-too-long'],
    ['a resource that does not exist', { resource: 'nowhere' }, 'unknown-resource'],
    ['another data subject than the ticket’s', { dataSubject: 'P2' }, 'other-data-subject'],
    ['another purpose than the ticket’s', { purpose: 'invoice-enquiry' }, 'ticket-other-purpose'],
    ['no purpose', { purpose: null }, 'ticket-other-purpose'],
    ['an action no rule grants', { action: 'update' }, 'no-rule'],
    ['without a reason', { reason: '   because  ' }, 'reason-too-short'],
    ['what needs no grant', { resource: 'antimafia_check', action: 'search' }, 'grant-not-needed'],
    ['what nobody owns', { resource: 'invoice' }, 'grants-not-given'],
  ])('for %s is refused, and leaves no trace of a request', async (_, wanted, code) => {
    const world = grantWorld()
    const outcome = await requestGrant(world.desk, world.at(), await world.asker(), { ...WANTED, ...wanted })
    expect(codeOf(outcome)).toBe(code)
    expect(world.acts.kinds).toEqual([])
    expect(await world.engagement.grants({ limit: 9 })).toEqual([])
  })

  test.each([
    ['without a ticket', null, 'no-ticket'],
    ['with a ticket that does not exist', 'T-none', 'unknown-ticket'],
    ['with a ticket of another contract', 'T-borea', 'unknown-ticket'],
    ['with a closed ticket', 'T-closed', 'ticket-closed'],
  ])('%s is refused', async (_, ticket, code) => {
    const world = grantWorld()
    const asker = await world.asker('anna', ticket)
    expect(codeOf(await requestGrant(world.desk, world.at(), asker, WANTED))).toBe(code)
  })

  test('again for the same thing gives the request that waits', async () => {
    const world = grantWorld()
    const first = await asked(world)
    expect((await asked(world)).id).toBe(first.id)
    expect((await asked(world, { record: '8' })).id).not.toBe(first.id)
    expect(world.acts.kinds).toEqual(['grant-asked', 'grant-asked'])
  })

  test('does not bury the unit: one person has ten requests waiting at most', async () => {
    const world = grantWorld()
    for (let record = 0; record < 10; record++) await asked(world, { record: String(record) })
    const eleventh = await requestGrant(world.desk, world.at(), await world.asker(), {
      ...WANTED,
      record: '10',
    })
    expect(codeOf(eleventh)).toBe('too-many-asked')
    expect((await requestGrant(world.desk, world.at(), await world.asker('bea'), WANTED)).ok).toBe(true)
  })

  test('while the log is away asks nothing', async () => {
    const world = grantWorld()
    world.acts.failing = true
    await expect(asked(world)).rejects.toThrow(UnavailableError)
    expect(await world.engagement.grants({ limit: 9 })).toEqual([])
    expect(world.told).toEqual([])
  })

  test('where the bundle says nothing of grants, none is given', async () => {
    const world = grantWorld(
      grantBundle(({ varco }) => {
        delete varco.grants
      }),
    )
    const outcome = await requestGrant(world.desk, world.at(), await world.asker(), WANTED)
    expect(codeOf(outcome)).toBe('grants-not-given')
  })
})

describe('deciding', () => {
  test.each<[string, Partial<Actor>, string]>([
    ['the person who asked', { operator: asId('aurora:anna') }, 'own-request'],
    ['the same person under another name', { pseudonym: asId('AUR-7F3A') }, 'own-request'],
    [
      'a colleague of the contractor, whatever role they claim',
      { contract: asId('aurora-2026') },
      'not-approver',
    ],
    ['another contractor', { contract: asId('borea-2023'), processor: asId('borea') }, 'not-approver'],
    ['another unit', { unit: 'contact-centre' }, 'not-approver'],
    ['another role of the same unit', { role: 'antimafia.officer' }, 'not-approver'],
  ])('is not for %s', async (_, actor, code) => {
    const world = grantWorld()
    const { id } = await asked(world)
    const wrong = { ...APPROVER, ...actor }
    expect(codeOf(await approveGrant(world.desk, world.at(), wrong, id))).toBe(code)
    expect(codeOf(await refuseAskedGrant(world.desk, world.at(), wrong, id))).toBe(code)
    expect(await world.engagement.grant(id)).toMatchObject({ state: 'asked', revision: 0 })
    expect(world.acts.kinds).toEqual(['grant-asked'])
  })

  test('happens once', async () => {
    const world = grantWorld()
    const { id } = await asked(world)
    granted(await refuseAskedGrant(world.desk, world.at(), APPROVER, id))
    expect(codeOf(await approveGrant(world.desk, world.at(), APPROVER, id))).toBe('already-decided')
    expect(codeOf(await revokeGrant(world.desk, world.at(), APPROVER, id))).toBe('not-in-force')
    expect(await decisionWith(world, id)).toBe('no-grant')
  })

  test('gives no more than was asked', async () => {
    const world = grantWorld()
    const { id } = await asked(world)
    expect(codeOf(await approveGrant(world.desk, world.at(), APPROVER, id, { minutes: 61 }))).toBe(
      'grant-too-long',
    )
  })

  test('looks at the matter again: the ticket must still be open and the contract run', async () => {
    const world = grantWorld()
    const { id } = await asked(world)
    const approve = async (): Promise<string | null> =>
      codeOf(await approveGrant(world.desk, world.at(), APPROVER, id))
    await world.engagement.putContractState(contractFact({ state: 'insolvent' }))
    expect(await approve()).toBe('contract-not-active')
    await world.engagement.putContractState(contractFact())
    const ticket = ticketFact({ id: asId('T-antimafia'), purpose: asId('antimafia-status') })
    await world.engagement.putTicket({ ...ticket, status: 'closed', closedAt: FIXTURE_NOW })
    expect(await approve()).toBe('ticket-closed')
    await world.engagement.putTicket(ticket)
    expect(await approve()).toBeNull()
  })

  test('never lets a grant outlast the contract', async () => {
    const world = grantWorld()
    const end = world.bundle.contracts.get(asId('aurora-2026'))?.to ?? 0n
    const { id } = await asked(world)
    const late = { ...world.at(), now: end - 10n * MINUTE }
    expect(granted(await approveGrant(world.desk, late, APPROVER, id)).expiresAt).toBe(end)
    const another = await asked(world, { record: '8' })
    const after = { ...world.at(), now: end }
    expect(codeOf(await approveGrant(world.desk, after, APPROVER, another.id))).toBe('contract-ended')
  })

  test('while the log is away changes nothing', async () => {
    const world = grantWorld()
    const { id } = await asked(world)
    world.acts.failing = true
    await expect(approveGrant(world.desk, world.at(), APPROVER, id)).rejects.toThrow(UnavailableError)
    expect(await world.engagement.grant(id)).toMatchObject({ state: 'asked' })
  })
})

describe('a grant in force', () => {
  test('serves nobody but the person it was given to, and none of their other work', async () => {
    const world = grantWorld()
    const { id } = await approved(world)
    expect(await decisionWith(world, id, FIXTURE_NOW, 'bea')).toBe('no-grant')
    const stolen = granted(await revokeGrant(world.desk, world.at(), await annaOf(world), id))
    expect(stolen.state).toBe('revoked')
  })

  test('ends when it is revoked, by the unit or by whoever has it', async () => {
    for (const by of ['unit', 'self'] as const) {
      const world = grantWorld()
      const { id } = await approved(world)
      const actor = by === 'unit' ? APPROVER : await annaOf(world)
      granted(await revokeGrant(world.desk, world.at(), actor, id))
      expect(await decisionWith(world, id)).toBe('no-grant')
      expect(codeOf(await revokeGrant(world.desk, world.at(), actor, id))).toBe('not-in-force')
    }
  })

  test('ends with its contract', async () => {
    const world = grantWorld()
    const { id } = await approved(world)
    await world.engagement.putContractState(contractFact({ state: 'insolvent' }))
    expect(await decisionWith(world, id)).toBe('contract-not-active')
  })
})

async function annaOf(world: GrantWorld) {
  return (await world.asker()).actor
}

describe('breaking the glass', () => {
  const REASON = 'the prefecture waits on the telephone for it'

  test('opens at once, briefly, and must be reviewed by a day of the calendar', async () => {
    const world = grantWorld()
    const wanted = { ...WANTED, minutes: null, reason: REASON }
    const grant = granted(await breakGlass(world.desk, world.at(), await world.asker(), wanted))
    expect(grant).toMatchObject({ state: 'approved', minutes: 30, decidedBy: null })
    expect(grant.emergency?.reviewDue).toBe(FIXTURE_NOW + 72n * 60n * MINUTE)
    expect(await decisionWith(world, grant.id)).toBe('seen')
    expect(world.acts.kinds).toEqual(['glass-broken'])
    expect(world.told).toMatchObject([{ kind: 'glass-broken', grant: grant.id }])
  })

  test('is in the log before it opens anything', async () => {
    const world = grantWorld()
    world.acts.failing = true
    const broken = breakGlass(world.desk, world.at(), await world.asker(), {
      ...WANTED,
      minutes: null,
      reason: REASON,
    })
    await expect(broken).rejects.toThrow(UnavailableError)
    expect(await world.engagement.grants({ limit: 9 })).toEqual([])
  })

  test.each<[string, Partial<WantedGrant>, string]>([
    ['without a full reason', { reason: 'urgent, please' }, 'reason-too-short'],
    ['for longer than an emergency lasts', { minutes: 31 }, 'grant-too-long'],
    ['for what no rule foresees', { action: 'update' }, 'no-rule'],
    ['for everything at once', { record: null }, 'grant-too-wide'],
  ])('is refused %s', async (_, wanted, code) => {
    const world = grantWorld()
    const outcome = await breakGlass(world.desk, world.at(), await world.asker(), {
      ...WANTED,
      minutes: null,
      reason: REASON,
      ...wanted,
    })
    expect(codeOf(outcome)).toBe(code)
  })

  test('is for the roles the bundle names', async () => {
    const world = grantWorld(
      grantBundle(({ varco }) => {
        if (varco.grants?.break_glass !== undefined) varco.grants.break_glass.roles = ['dpo']
      }),
    )
    const outcome = await breakGlass(world.desk, world.at(), await world.asker(), {
      ...WANTED,
      minutes: null,
      reason: REASON,
    })
    expect(codeOf(outcome)).toBe('no-break-glass')
  })

  test('stays on the list of late reviews until the owning unit, and nobody else, has judged it', async () => {
    const world = grantWorld()
    const wanted = { ...WANTED, minutes: null, reason: REASON }
    const { id, emergency } = granted(await breakGlass(world.desk, world.at(), await world.asker(), wanted))
    const late = world.at((emergency?.reviewDue ?? 0n) + 1n)
    const overdue = async (): Promise<readonly string[]> =>
      (await overdueReviews(world.desk, late)).map((grant) => grant.id)
    expect(await overdueReviews(world.desk, world.at())).toEqual([])
    expect(await overdue()).toEqual([id])
    const finding = { outcome: 'unjustified', note: 'nobody was on the telephone' } as const
    const review = (actor: typeof APPROVER) => reviewBrokenGlass(world.desk, late, actor, id, finding)
    expect(codeOf(await review(await annaOf(world)))).toBe('own-request')
    expect(codeOf(await review({ ...APPROVER, unit: 'dpo-office' }))).toBe('not-approver')
    expect(granted(await review(APPROVER)).emergency?.review).toMatchObject(finding)
    expect(codeOf(await review(APPROVER))).toBe('nothing-to-review')
    expect(await overdue()).toEqual([])
    expect(world.acts.kinds).toEqual(['glass-broken', 'glass-reviewed'])
  })
})

test('whatever is asked, approved, revoked and waited for, nobody sees anything but under a grant that holds', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('ask' as const), record: fc.constantFrom('7', '8') }),
    fc.record({
      kind: fc.constantFrom('approve' as const, 'refuse' as const, 'revoke' as const),
      of: fc.nat(3),
    }),
    fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 90 }) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const world = grantWorld()
      /** Kept apart from the code: grant to the moment it ends, if it holds. */
      const holds = new Map<string, bigint>()
      const ids: string[] = []
      let now = FIXTURE_NOW
      for (const each of steps) {
        const at = world.at(now)
        if (each.kind === 'wait') now += BigInt(each.minutes) * MINUTE
        else if (each.kind === 'ask') {
          const outcome = await requestGrant(world.desk, at, await world.asker(), {
            ...WANTED,
            record: each.record,
          })
          if (outcome.ok && !ids.includes(outcome.grant.id)) ids.push(outcome.grant.id)
        } else {
          const id = ids[each.of]
          if (id === undefined) continue
          const grant = asId<Grant['id']>(id)
          if (each.kind === 'approve' && (await approveGrant(world.desk, at, APPROVER, grant)).ok)
            holds.set(id, now + 60n * MINUTE)
          if (each.kind === 'refuse') await refuseAskedGrant(world.desk, at, APPROVER, grant)
          if (each.kind === 'revoke' && (await revokeGrant(world.desk, at, APPROVER, grant)).ok)
            holds.delete(id)
        }
        for (const id of ids) {
          const seen = (await decisionWith(world, id, now)) === 'seen'
          expect(seen).toBe((holds.get(id) ?? 0n) > now)
        }
      }
    }),
    { numRuns: Number(process.env['VARCO_ROUNDS'] ?? 60) },
  )
})

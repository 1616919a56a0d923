import { asId, UnavailableError, type ContractId, type RequestId } from '@varco/core'
import {
  chooseDisposal,
  CONTRACT_MOVE_NAMES,
  CONTRACT_MOVES,
  declareExit,
  expireContracts,
  exitDossier,
  moveContract,
  moveFrom,
  settleCopy,
  type Actor,
  type ContractMoveName,
  type ContractState,
  type MoveOutcome,
  type WantedMove,
} from '@varco/engagement'
import {
  contractFact,
  copyFact,
  FIXTURE_NOW,
  fixtureEngagement,
  memoryContractLife,
  memoryCopies,
  memoryEngagement,
  RecordedActs,
} from '@varco/engagement/testing'
import { compileBundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const AURORA: ContractId = asId('aurora-2026')

function managerOf(name: string): Actor {
  return {
    operator: asId(`gse:${name}`),
    pseudonym: asId(`GSE-${name}`),
    ...{ processor: null, contract: null, role: 'contract-manager', unit: 'contracts' },
  }
}
const ONE = managerOf('ONE')
const TWO = managerOf('TWO')

function lifeWorld(state: ContractState['state'] = 'active') {
  const document = structuredClone(fixtureDocument())
  document.varco.roles['contract-manager'] = { title: { it: 'Direttore', en: 'Manager' } }
  document.varco.contract_management = { roles: ['contract-manager'], because: 'D.Lgs. 36/2023, art. 114' }
  document.processors[0]?.sub_processors.push(
    { name: 'Nuvola S.r.l.', country: 'IT', service: { it: 'Voce', en: 'Voice' }, from: '2026-01-01' },
    {
      name: 'Prima S.r.l.',
      country: 'IT',
      service: { it: 'Voce', en: 'Voice' },
      from: '2019-01-01',
      to: '2020-01-01',
    },
  )
  const bundle = compileBundle(document)
  const engagement = memoryEngagement(fixtureEngagement())
  void engagement.putContractState(contractFact({ state }))
  const copies = memoryCopies()
  const acts = new RecordedActs()
  const desk = { store: memoryContractLife(engagement), copies, log: acts }
  const occasion = (now = FIXTURE_NOW) => ({ bundle, now, requestId: asId<RequestId>('req-1') })
  const move = (name: ContractMoveName, actor: Actor, more: Partial<WantedMove> = {}): Promise<MoveOutcome> =>
    moveContract(desk, occasion(), actor, {
      ...{ contract: AURORA, move: name, reason: 'letter 22 of 2026', successor: null },
      ...more,
    })
  return { bundle, engagement, copies, acts, desk, occasion, move }
}

function codeOf(outcome: { ok: true } | { ok: false; code: string }): string | null {
  return outcome.ok ? null : outcome.code
}

describe('the machine', () => {
  test('goes from a draft to a closed contract, and from nowhere to nowhere else', () => {
    const reached = new Set<ContractState['state']>(['draft'])
    for (let round = 0; round < 9; round++)
      for (const name of CONTRACT_MOVE_NAMES)
        for (const state of [...reached]) {
          const move = moveFrom(state, name)
          if (move !== null) reached.add(move.to)
        }
    const rest = ['active', 'notice', 'insolvent', 'frozen', 'returning', 'verified', 'closed']
    expect([...reached].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      ['draft', ...rest].toSorted((a, b) => (a < b ? -1 : 1)),
    )
    for (const name of CONTRACT_MOVE_NAMES) expect(moveFrom('closed', name)).toBeNull()
  })

  test('lets no contract on which access has ended work again', () => {
    const after = new Set<ContractState['state']>(['insolvent', 'frozen'])
    for (let round = 0; round < 9; round++)
      for (const name of CONTRACT_MOVE_NAMES)
        for (const state of [...after]) {
          const move = moveFrom(state, name)
          if (move !== null) after.add(move.to)
        }
    expect([...after]).not.toContain('active')
    expect([...after]).not.toContain('notice')
  })
})

test('an insolvency needs one person, and stops everything at once', async () => {
  const { move, engagement, acts } = lifeWorld()
  const outcome = await move('declare-insolvent', ONE)
  expect(outcome).toMatchObject({ ok: true, taken: true, state: 'insolvent', effects: { ticketsMoved: 2 } })
  expect(await engagement.contractState(AURORA)).toMatchObject({ state: 'insolvent', since: FIXTURE_NOW })
  expect(
    engagement.everyTicket().filter((each) => each.contract === AURORA && each.status === 'open'),
  ).toEqual([])
  expect(acts.acts).toMatchObject([
    {
      kind: 'contract-terminated',
      operator: 'GSE-ONE',
      contract: AURORA,
      detail: { to: 'insolvent', taken: true },
    },
  ])
})

describe('a step for two people', () => {
  test('waits for the second, who is another', async () => {
    const { move, engagement, acts } = lifeWorld()
    expect(await move('terminate', ONE)).toMatchObject({ ok: true, taken: false, state: 'active' })
    expect(codeOf(await move('terminate', ONE))).toBe('second-person')
    expect(codeOf(await move('terminate', { ...TWO, operator: ONE.operator }))).toBe('second-person')
    expect(codeOf(await move('terminate', { ...TWO, pseudonym: ONE.pseudonym }))).toBe('second-person')
    expect(await engagement.contractState(AURORA)).toMatchObject({ state: 'active' })
    expect(await move('terminate', TWO)).toMatchObject({ ok: true, taken: true, state: 'frozen' })
    expect(acts.kinds).toEqual(['contract-moved', 'contract-terminated'])
    expect(acts.acts[1]).toMatchObject({ operator: 'GSE-TWO', detail: { proposed_by: 'GSE-ONE' } })
  })

  test('is not taken for another successor than was proposed', async () => {
    const { move } = lifeWorld()
    await move('terminate', ONE)
    expect(codeOf(await move('terminate', TWO, { successor: AURORA }))).toBe('unknown-successor')
    const { move: other, engagement } = lifeWorld()
    await other('terminate', ONE)
    await engagement.putContractState(
      contractFact({ contract: asId('borea-2023'), processor: asId('borea') }),
    )
    // Borea's contract has run out: it can succeed nobody.
    expect(codeOf(await other('terminate', TWO, { successor: asId('borea-2023') }))).toBe('unknown-successor')
  })

  test('is proposed anew after a week', async () => {
    const { desk, occasion, move } = lifeWorld()
    await move('terminate', ONE)
    const later = occasion(FIXTURE_NOW + 7n * 86_400_000_000n)
    const wanted = {
      contract: AURORA,
      move: 'terminate',
      reason: 'letter 22 of 2026',
      successor: null,
    } as const
    expect(await moveContract(desk, later, TWO, wanted)).toMatchObject({ ok: true, taken: false })
  })
})

test.each<[string, Partial<Actor>]>([
  ['a contractor, whatever role they have', { contract: AURORA, processor: asId('aurora') }],
  ['another role', { role: 'administrator' }],
])('%s moves nothing', async (_, actor) => {
  const { move, acts } = lifeWorld()
  expect(codeOf(await move('declare-insolvent', { ...ONE, ...actor }))).toBe('not-manager')
  expect(acts.kinds).toEqual([])
})

test('without the log nothing moves', async () => {
  const { move, engagement, acts } = lifeWorld()
  acts.failing = true
  await expect(move('declare-insolvent', ONE)).rejects.toThrow(UnavailableError)
  expect(await engagement.contractState(AURORA)).toMatchObject({ state: 'active' })
})

test('a step that the state does not know, or for a contract nobody declared, is refused', async () => {
  const { move } = lifeWorld('closed')
  expect(codeOf(await move('terminate', ONE))).toBe('no-such-step')
  expect(codeOf(await move('terminate', ONE, { contract: asId('nobody-2026') }))).toBe('unknown-contract')
  expect(codeOf(await move('terminate', ONE, { reason: ' ok ' }))).toBe('reason-too-short')
})

test('an exit asks for the choice, every declaration and every copy, then for two people', async () => {
  const world = lifeWorld()
  const { copies, desk, move, occasion } = world
  await copies.addCopy(copyFact())
  await copies.addCopy(copyFact({ id: 'C-other', contract: asId('borea-2023') }))
  await move('declare-insolvent', ONE)
  await move('terminate', ONE)
  await move('terminate', TWO)
  expect(codeOf(await move('begin-return', ONE))).toBe('no-choice')
  expect(codeOf(await chooseDisposal(desk, occasion(), ONE, AURORA, 'deletion'))).toBeNull()
  expect(codeOf(await chooseDisposal(desk, occasion(), TWO, AURORA, 'return'))).toBe('choice-made')
  expect(codeOf(await move('begin-return', ONE))).toBeNull()
  expect(codeOf(await move('verify', ONE))).toBe('declarations-missing')

  const dossier = await exitDossier(desk, AURORA, FIXTURE_NOW)
  // Who had left before the contract began declares nothing; the curator of an insolvency does.
  expect(dossier?.missing).toEqual([
    { kind: 'processor', name: 'Aurora Servizi S.r.l.' },
    { kind: 'sub-processor', name: 'Nuvola S.r.l.' },
    { kind: 'curator', name: 'Aurora Servizi S.r.l.' },
  ])
  const declare = (
    kind: 'processor' | 'sub-processor' | 'curator',
    name: string,
    document = 'a'.repeat(64),
  ) => declareExit(desk, occasion(), ONE, AURORA, { kind, name, document, signedOn: '2026-07-01' })
  expect(codeOf(await declare('processor', 'Aurora Servizi S.r.l.', 'not a hash'))).toBe('bad-document')
  expect(codeOf(await declare('sub-processor', 'Prima S.r.l.'))).toBe('unknown-party')
  for (const { kind, name } of dossier?.missing ?? []) expect(codeOf(await declare(kind, name))).toBeNull()

  expect(codeOf(await move('verify', ONE))).toBe('copies-left')
  const settle = (reason: string) =>
    settleCopy({ ledger: copies, log: desk.log }, occasion(), ONE, 'C-1', { how: 'excepted', reason })
  expect(codeOf(await settle('none'))).toBe('reason-too-short')
  expect(codeOf(await settle('evidence in case 12/2026'))).toBeNull()
  expect(codeOf(await settle('evidence in case 12/2026'))).toBe('changed-meanwhile')

  expect(await move('verify', ONE)).toMatchObject({ taken: false })
  expect(await move('verify', TWO)).toMatchObject({ taken: true, state: 'verified' })
  expect(codeOf(await declare('processor', 'Aurora Servizi S.r.l.'))).toBe('no-exit')
  await move('close', TWO)
  expect(await move('close', ONE)).toMatchObject({ taken: true, state: 'closed' })
  const closed = await exitDossier(desk, AURORA, FIXTURE_NOW)
  expect(closed).toMatchObject({
    state: 'closed',
    missing: [],
    copiesLeft: 0,
    exit: {
      cause: 'insolvency',
      choice: { kind: 'deletion' },
      verified: { by: 'GSE-ONE', second: 'GSE-TWO' },
    },
  })
  expect(closed?.moves.map((each) => each.move)).toEqual([
    ...['declare-insolvent', 'terminate', 'begin-return', 'verify', 'close'],
  ])
})

test('the deadline is the contract’s, by the calendar, and passing it shows', async () => {
  const { desk, move, bundle } = lifeWorld()
  await move('declare-insolvent', ONE)
  const within = bundle.contracts.get(AURORA)?.document.exit.delete_within
  const due = (await exitDossier(desk, AURORA, FIXTURE_NOW))?.exit.dueAt ?? 0n
  expect([within, (due - FIXTURE_NOW) / 86_400_000_000n]).toEqual(['P30D', 30n])
  expect((await exitDossier(desk, AURORA, due))?.overdue).toBe(false)
  expect((await exitDossier(desk, AURORA, due + 1n))?.overdue).toBe(true)
})

describe('a contract whose last day has passed', () => {
  const DAY = 86_400_000_000n
  /** The other contract of the fixture ran out before, and is closed. */
  const runningOut = (state?: ContractState['state']) => {
    const world = lifeWorld(state)
    void world.engagement.putContractState(
      contractFact({ contract: asId('borea-2023'), processor: asId('borea'), state: 'closed' }),
    )
    return world
  }

  test('ends by itself: grants, open tickets to the body, and its exit, in the log first and once', async () => {
    const { acts, bundle, desk, engagement, occasion } = runningOut('notice')
    const to = bundle.contracts.get(AURORA)?.to ?? 0n
    expect(await expireContracts(desk, occasion(to - 1n))).toEqual([])
    expect(await expireContracts(desk, occasion(to + 3n * DAY))).toMatchObject([
      { contract: AURORA, ticketsMoved: 2 },
    ])
    expect(await expireContracts(desk, occasion(to + 4n * DAY))).toEqual([])
    expect(acts.acts).toMatchObject([
      { kind: 'contract-terminated', operator: null, contract: AURORA, detail: { cause: 'expiry' } },
    ])
    expect(
      engagement.everyTicket().filter((each) => each.contract === AURORA && each.status === 'open'),
    ).toEqual([])
    // Noticed three days late, due thirty days after the last one all the same.
    expect(await exitDossier(desk, AURORA, to + 4n * DAY)).toMatchObject({
      state: 'frozen',
      exit: { cause: 'expiry', openedBy: 'varco', successor: null },
    })
    const due = (await exitDossier(desk, AURORA, to))?.exit.dueAt ?? 0n
    expect(due - to).toBeLessThan(31n * DAY)
  })

  test('gives its tickets to no successor that one person alone has proposed', async () => {
    const { bundle, desk, move, occasion } = runningOut()
    await desk.store.propose({
      ...{ contract: AURORA, move: 'terminate', at: FIXTURE_NOW, reason: 'it is over' },
      ...{ operator: ONE.operator, pseudonym: ONE.pseudonym, successor: asId('borea-2023') },
    })
    await expireContracts(desk, occasion(bundle.contracts.get(AURORA)?.to))
    expect((await desk.store.exitCase(AURORA))?.successor).toBeNull()
    expect(await desk.store.proposal(AURORA)).toBeNull()
    expect(codeOf(await move('terminate', TWO))).toBe('no-such-step')
  })

  test('stays as it is while the log cannot be reached', async () => {
    const { acts, bundle, desk, engagement, occasion } = runningOut()
    acts.failing = true
    await expect(expireContracts(desk, occasion(bundle.contracts.get(AURORA)?.to))).rejects.toThrow(
      UnavailableError,
    )
    expect(await engagement.contractState(AURORA)).toMatchObject({ state: 'active' })
  })

  test.each(['draft', 'insolvent', 'terminated', 'frozen', 'closed'] as const)(
    'is left alone where it is %s already',
    async (state) => {
      const { acts, bundle, desk, occasion } = runningOut(state)
      expect(await expireContracts(desk, occasion(bundle.contracts.get(AURORA)?.to))).toEqual([])
      expect(acts.kinds).toEqual([])
    },
  )

  test('under another company’s name is not this one', async () => {
    const { bundle, desk, engagement, occasion } = runningOut()
    await engagement.putContractState(contractFact({ processor: asId('borea') }))
    expect(await expireContracts(desk, occasion(bundle.contracts.get(AURORA)?.to))).toEqual([])
  })
})

test('whoever does whatever in whatever order, no large step is taken by one person', async () => {
  const act = fc.record({ name: fc.constantFrom(...CONTRACT_MOVE_NAMES), who: fc.constantFrom(ONE, TWO) })
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 20 }), async (acts) => {
      const { desk, move, engagement } = lifeWorld('draft')
      for (const { name, who } of acts) {
        await move(name, who)
        await chooseDisposal(desk, { ...lifeWorld().occasion() }, ONE, AURORA, 'deletion')
      }
      for (const { move: name, by, second } of await desk.store.movesOf(AURORA)) {
        expect(second !== null).toBe(CONTRACT_MOVES[name].people === 2)
        expect(second).not.toBe(by)
      }
      const state = (await engagement.contractState(AURORA))?.state
      expect(['verified', 'closed']).not.toContain(state)
    }),
    { numRuns: Number(process.env['VARCO_ROUNDS'] ?? 40) },
  )
})

import { asId, UnavailableError, type ContractId } from '@varco/core'
import { establishContext, type Caller, type Context, type EngagementStore } from '@varco/engagement'
import {
  assignmentFact,
  contractFact,
  FIXTURE_NOW,
  fixtureEngagement,
  memoryEngagement,
  operatorFact,
  ticketFact,
} from '@varco/engagement/testing'
import { decide } from '@varco/policy'
import { fixtureBundle } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'

const bundle = fixtureBundle()
const AURORA = 'https://login.aurora.example'
const ANNA: Caller = { issuer: AURORA, externalId: 'anna', ticket: 'T-1', grant: null }

function ask(
  caller: Partial<Caller> = {},
  store: EngagementStore = memoryEngagement(fixtureEngagement()),
): Promise<Context> {
  return establishContext(store, bundle, { ...ANNA, ...caller }, FIXTURE_NOW)
}

function refusalOf(context: Context): string | null {
  return context.established ? null : context.reason
}

test('finds the person, the contract with its live state and the ticket', async () => {
  expect(await ask()).toEqual({
    established: true,
    operator: 'aurora:anna',
    attribution: {
      operator: 'AUR-7F3A',
      processor: 'aurora',
      contract: 'aurora-2026',
      role: 'contact-centre.operator',
      unit: 'contact-centre',
    },
    principal: {
      kind: 'person',
      pseudonym: 'AUR-7F3A',
      role: 'contact-centre.operator',
      unit: 'contact-centre',
      attributes: {},
    },
    contract: { id: 'aurora-2026', processor: 'aurora', state: 'active' },
    ticket: ticketFact(),
    grant: null,
    instructedBy: null,
  })
})

test('the body’s own staff work under no contract', async () => {
  const context = await ask({ issuer: 'https://login.gse.example', externalId: 'dora', ticket: null })
  expect(context).toMatchObject({
    established: true,
    contract: null,
    ticket: null,
    principal: { role: 'dpo' },
  })
})

describe('an issuer vouches for its own processor’s contracts only', () => {
  const stranger = operatorFact({
    id: asId('borea:spy'),
    issuer: 'https://login.borea.example',
    externalId: 'spy',
  })
  test.each([
    ['another processor’s contract', 'https://login.borea.example', asId<ContractId>('aurora-2026')],
    ['the body’s own staff', 'https://login.borea.example', null],
    [
      'a contractor, when it is the body’s issuer',
      'https://login.gse.example',
      asId<ContractId>('aurora-2026'),
    ],
    ['a contract nobody declared', AURORA, asId<ContractId>('invented-2026')],
  ])('not for %s', async (_, issuer, contract) => {
    const operator = { ...stranger, issuer }
    const store = memoryEngagement({
      operators: [operator],
      assignments: [assignmentFact({ operator: operator.id, contract })],
      contracts: [contractFact()],
    })
    const context = await ask({ issuer, externalId: 'spy' }, store)
    expect(context).toMatchObject({
      established: false,
      reason: 'no-assignment',
      attribution: { operator: null, contract: null },
    })
  })

  test('an issuer that is not in the bundle vouches for nobody', async () => {
    expect(refusalOf(await ask({ issuer: 'https://evil.example' }))).toBe('no-assignment')
  })
})

test('a person nobody knows, or with no assignment now, is refused in the name of their company', async () => {
  const refusal = {
    established: false,
    reason: 'no-assignment',
    attribution: { processor: 'aurora', operator: null },
  }
  expect(await ask({ externalId: 'nobody' })).toMatchObject(refusal)
  const left = memoryEngagement({
    operators: [operatorFact()],
    assignments: [assignmentFact({ to: FIXTURE_NOW })],
    contracts: [contractFact()],
  })
  expect(await ask({}, left)).toMatchObject(refusal)
})

describe('of several assignments', () => {
  const withTwo = (second: Parameters<typeof assignmentFact>[0]): EngagementStore =>
    memoryEngagement({
      operators: [operatorFact()],
      assignments: [assignmentFact(), assignmentFact({ pseudonym: asId('AUR-OTHER'), ...second })],
      contracts: [contractFact()],
    })

  test('the one the issuer may vouch for applies', async () => {
    const context = await ask({}, withTwo({ contract: asId('borea-2023') }))
    expect(context).toMatchObject({ established: true, attribution: { operator: 'AUR-7F3A' } })
  })

  test('two that both apply are refused: which one is not for us to choose', async () => {
    expect(refusalOf(await ask({}, withTwo({ role: 'dpo' })))).toBe('ambiguous-assignment')
  })
})

describe('a contract’s live state', () => {
  const withState = (contracts: Parameters<typeof memoryEngagement>[0]): EngagementStore =>
    memoryEngagement({ ...fixtureEngagement(), ...contracts })

  test('that nobody recorded is unknown, and refused', async () => {
    const context = await ask({}, withState({ contracts: [] }))
    expect(context).toMatchObject({
      established: false,
      reason: 'state-unknown',
      attribution: { operator: 'AUR-7F3A' },
    })
  })

  test('recorded under another company is unknown, and refused', async () => {
    const store = withState({ contracts: [contractFact({ processor: asId('borea') })] })
    expect(refusalOf(await ask({}, store))).toBe('state-unknown')
  })

  test('reaches the decision, which ends with the contract', async () => {
    const context = await ask({}, withState({ contracts: [contractFact({ state: 'terminated' })] }))
    if (!context.established) throw new Error('the context was not established')
    const question = {
      now: FIXTURE_NOW,
      purpose: 'invoice-enquiry',
      action: 'read',
      resource: 'invoice',
    } as const
    expect(decide(bundle, { ...question, ...context })).toMatchObject({
      effect: 'deny',
      reasons: [{ code: 'contract-ended' }],
    })
  })
})

describe('a ticket', () => {
  test('that does not exist is unknown', async () => {
    expect(await ask({ ticket: 'T-invented' })).toMatchObject({ ticket: 'unknown' })
  })

  test('whose name no ticket can have is unknown, and not looked for', async () => {
    expect(await ask({ ticket: "T-1' OR 1=1 --" })).toMatchObject({ ticket: 'unknown' })
    expect(await ask({ ticket: '' })).toMatchObject({ ticket: 'unknown' })
  })

  test('of another contract is unknown: not even its existence is told', async () => {
    expect(await ask({ ticket: 'T-borea' })).toMatchObject({ ticket: 'unknown' })
  })
})

test('a grant that is named does not exist', async () => {
  expect(await ask({ grant: 'G-1' })).toMatchObject({ established: true, grant: null })
})

test('says so when the state cannot be learnt', async () => {
  const gone = (): never => {
    throw new UnavailableError('engagement store')
  }
  const store: EngagementStore = {
    ...memoryEngagement(fixtureEngagement()),
    contractState: async () => gone(),
  }
  await expect(ask({}, store)).rejects.toThrow(UnavailableError)
  await expect(ask({}, { ...store, whoIs: async () => gone() })).rejects.toThrow(UnavailableError)
  await expect(ask({}, { ...store, ticket: async () => gone() })).rejects.toThrow(UnavailableError)
})

test('facts that are the same come as the same objects, as long as the store’s are', async () => {
  const store = memoryEngagement(fixtureEngagement())
  const facts = async (): Promise<readonly unknown[]> => {
    const context = await ask({}, store)
    if (!context.established) throw new Error('it is established')
    return [context.principal, context.contract, context.ticket]
  }
  const first = await facts()
  const again = await facts()
  for (const [index, fact] of first.entries()) expect(again[index]).toBe(fact)
  await store.putContractState(contractFact({ state: 'notice' }))
  const [principal, contract] = await facts()
  expect(principal).toBe(first[0])
  expect(contract).toMatchObject({ state: 'notice' })
})

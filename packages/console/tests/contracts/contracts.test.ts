import { isoToMicros, MICROS_PER_SECOND } from '@varco/core'
import { fixtureBundle } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { contractStanding } from '../../src/contracts/contract-standing.ts'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

async function signedIn(console: OpenConsole, sub = 'manager-1'): Promise<Visitor> {
  console.provider.person = { sub, name: 'Carla Neri' }
  const visitor = console.visitor()
  await visitor.signIn()
  return visitor
}

describe('how a contract stands', () => {
  const contract = { from: 100n, to: 200n }
  const live = (state: 'active' | 'notice' | 'insolvent' | 'terminated' | 'frozen' | 'closed' | 'draft') => ({
    contract: 'c' as never,
    processor: 'p' as never,
    state,
    since: 0n,
  })

  test.each([
    [99n, 'active', 'not-started'],
    [100n, 'active', 'active'],
    [199n, 'notice', 'notice'],
    [200n, 'active', 'ended'],
    [150n, 'terminated', 'ended'],
    [99n, 'terminated', 'ended'],
    [150n, 'closed', 'ended'],
    [150n, 'insolvent', 'insolvent'],
    [150n, 'frozen', 'frozen'],
    [150n, 'draft', 'draft'],
  ] as const)('at %i, %s: %s', (now, state, standing) => {
    expect(contractStanding(contract, live(state), now)).toBe(standing)
  })

  test('a state nobody knows is no permission', () => {
    expect(contractStanding(contract, null, 150n)).toBe('unknown')
    expect(contractStanding(contract, null, 200n)).toBe('ended')
  })

  test('the contract’s last day is a day of work, until midnight in Rome', () => {
    const aurora = fixtureBundle().contracts.values().toArray()[0]
    if (aurora === undefined) throw new Error('no contract')
    const lastSecond = isoToMicros('2027-12-31T23:59:59+01:00') ?? 0n
    expect(contractStanding(aurora, live('active'), lastSecond)).toBe('active')
    expect(contractStanding(aurora, live('active'), lastSecond + MICROS_PER_SECOND)).toBe('ended')
  })
})

test('lists the contracts, those in force first, each with company, period and state', async () => {
  await using console = await openConsole()
  const page = await (await signedIn(console)).text('/contracts')
  expect(page.indexOf('Contact centre 2026-2027'.toLowerCase()) >= 0 || page.includes('2026-2027')).toBe(true)
  expect(page.indexOf('/contracts/aurora-2026')).toBeLessThan(page.indexOf('/contracts/borea-2023'))
  for (const words of [
    'Aurora Servizi S.r.l.',
    'dal 1 gennaio 2026 al 31 dicembre 2027',
    'In corso',
    'Borea Contact S.p.A.',
    'Terminato',
  ]) {
    expect(page).toContain(words)
  }
})

test('shows a contract’s annex, what happens outside it, and how it ends', async () => {
  await using console = await openConsole()
  const page = await (await signedIn(console)).text('/contracts/aurora-2026')
  for (const words of [
    'GSE-2025-114',
    'mancano 403 giorni alla fine',
    'Informazioni sulle fatture',
    'A.3',
    'D.Lgs. 79/1999, art. 3',
    'Le richieste per finalità non affidate sono bloccate.',
    '30 giorni',
    'Reg. (UE) 2016/679, art. 28(3)(g)',
    'privacy@aurora.example',
    'Italia',
    'https://login.aurora.example',
  ]) {
    expect(page).toContain(words)
  }
  expect(await (await signedIn(console)).text('/contracts/borea-2023')).toContain(
    'passano e restano in evidenza',
  )
})

test('a termination shows at once', async () => {
  await using console = await openConsole()
  const visitor = await signedIn(console)
  expect(await visitor.text('/contracts/aurora-2026')).toContain('In corso')
  const state = console.engagement.states.get('aurora-2026')
  if (state !== undefined) console.engagement.states.set('aurora-2026', { ...state, state: 'terminated' })
  expect(await visitor.text('/contracts/aurora-2026')).toContain('Terminato')
})

test('leads to the log only who may read it', async () => {
  await using console = await openConsole()
  expect(await (await signedIn(console)).text('/contracts/aurora-2026')).not.toContain('href="/log')
  expect(await (await signedIn(console, 'dpo-1')).text('/contracts/aurora-2026')).toContain(
    'href="/log?contract=aurora-2026&amp;purpose=invoice-enquiry"',
  )
})

test('an unknown contract is not found', async () => {
  await using console = await openConsole()
  const visitor = await signedIn(console)
  for (const id of ['nothing', '__proto__', '..%2Flog']) {
    expect([id, (await visitor.get(`/contracts/${id}`)).status]).toEqual([id, 404])
  }
})

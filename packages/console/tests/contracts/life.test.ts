import { asId } from '@varco/core'
import { copyFact, grantFact } from '@varco/engagement/testing'
import { describe, expect, test } from 'vitest'
import { grantBundle } from '../../../engagement/tests/grants/grant-world.ts'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

const LIFE = '/contracts/aurora-2026/life'
const REASON = 'la gara è aggiudicata ad altri'
const EVIL = `"'><img src=x onerror=alert(1)><script>alert(1)</script>`

async function managed(): Promise<OpenConsole> {
  const bundle = grantBundle()
  return openConsole({ bundle: async () => bundle })
}

/** A manager who has just proved who they are. */
async function manager(console: OpenConsole, sub = 'manager-1'): Promise<Visitor> {
  console.provider.person = { sub, name: 'Carla Neri' }
  const visitor = console.visitor()
  await visitor.signIn()
  await visitor.proveAgain()
  return visitor
}

async function twice(visitor: Visitor, path: string, form: Record<string, string> = {}): Promise<Response> {
  const csrf = await visitor.csrf('/contracts')
  const asked = await visitor.post(path, { ...form, csrf })
  expect([path, asked.status]).toEqual([path, 200])
  expect(await asked.text()).toContain('name="sure" value="yes"')
  return visitor.post(path, { ...form, csrf, sure: 'yes' })
}

const stateOf = async (console: OpenConsole): Promise<string | undefined> =>
  (await console.life.contractState(asId('aurora-2026')))?.state

describe('a step', () => {
  test('that one person may take is taken, and stands in the history', async () => {
    await using console = await managed()
    const carla = await manager(console)
    const answer = await twice(carla, `${LIFE}/give-notice`, { reason: REASON })
    expect(answer.headers.get('location')).toBe(`${LIFE}?done=moved`)
    const page = await carla.text(LIFE)
    for (const words of ['in preavviso', 'Dare il preavviso', REASON, 'Ritirare il preavviso'])
      expect(page).toContain(words)
  })

  test('that takes two is only proposed by the first, and not confirmed by them', async () => {
    await using console = await managed()
    const carla = await manager(console)
    const proposed = await twice(carla, `${LIFE}/terminate`, { reason: REASON, successor: '' })
    expect(proposed.headers.get('location')).toBe(`${LIFE}?done=proposed`)
    expect(await stateOf(console)).toBe('active')
    expect(await carla.text(LIFE)).toContain('L’hai proposto tu')
    const form = { csrf: await carla.csrf('/contracts'), reason: REASON, successor: '', sure: 'yes' }
    const own = await carla.post(`${LIFE}/terminate`, form)
    expect([own.status, (await own.text()).includes('da una seconda persona')]).toEqual([409, true])
    expect(await stateOf(console)).toBe('active')

    const other = await manager(console, 'manager-2')
    expect(await other.text(LIFE)).toContain('Sei la seconda persona')
    const taken = await twice(other, `${LIFE}/terminate`, { reason: REASON, successor: '' })
    expect(taken.headers.get('location')).toBe(`${LIFE}?done=moved`)
    expect(await stateOf(console)).toBe('frozen')
    const { events } = await console.reader.search({ kind: 'contract-terminated', limit: 2 })
    expect(events).toMatchObject([{ operator: 'gse-manager-2', contract: 'aurora-2026' }])
  })

  test('asks for a proof of who acts, a reason, and a second yes', async () => {
    await using console = await managed()
    console.provider.person = { sub: 'manager-1', name: 'Carla Neri' }
    const unproved = console.visitor()
    await unproved.signIn()
    const form = { csrf: await unproved.csrf('/contracts'), reason: REASON, successor: '', sure: 'yes' }
    const led = await unproved.post(`${LIFE}/declare-insolvent`, form)
    expect(led.headers.get('location')).toMatch(/^\/login\/again/)
    const carla = await manager(console)
    const csrf = await carla.csrf('/contracts')
    const short = await carla.post(`${LIFE}/declare-insolvent`, { csrf, reason: 'boh', sure: 'yes' })
    const told = await short.text()
    expect([short.status, told.includes('almeno dieci caratteri')]).toEqual([400, true])
    // Beside its own field, though each form on the page has one of that name.
    expect(told.match(/aria-invalid/g)).toHaveLength(1)
    expect(told).toContain('id="declare-insolvent-reason-problem"')
    await carla.post(`${LIFE}/declare-insolvent`, { csrf, reason: REASON })
    expect(await stateOf(console)).toBe('active')
    for (const move of ['activate', 'close', 'verify', 'begin-return']) {
      const answer = await carla.post(`${LIFE}/${move}`, { csrf, reason: REASON, sure: 'yes' })
      expect([move, answer.status]).toEqual([move, 409])
    }
    for (const move of ['nothing', '__proto__', 'toString'])
      expect((await carla.post(`${LIFE}/${move}`, { csrf, reason: REASON, sure: 'yes' })).status).toBe(404)
    expect(await stateOf(console)).toBe('active')
  })

  test('whoever only reads contracts sees no form and does nothing', async () => {
    await using console = await managed()
    const auditor = await manager(console, 'auditor-1')
    const page = await auditor.text(LIFE)
    expect(page).toContain('il tuo incarico non li permette')
    expect(page).not.toContain('Ferma tutto')
    const form = { csrf: await auditor.csrf('/contracts'), reason: REASON, sure: 'yes' }
    for (const act of ['declare-insolvent', 'choice', 'declaration', 'copy'])
      expect([act, (await auditor.post(`${LIFE}/${act}`, form)).status]).toEqual([act, 403])
  })
})

test('an insolvency is followed from the stop to the verified return', async () => {
  await using console = await managed()
  const contract = asId<never>('aurora-2026')
  await console.grants.addGrant(grantFact({ contract, state: 'approved' }))
  await console.copies.addCopy(copyFact({ id: 'C-1', contract, settled: null }))
  await console.copies.addCopy(copyFact({ id: 'C-2', contract: asId('borea-2023'), settled: null }))
  const carla = await manager(console)
  const second = await manager(console, 'manager-2')

  await twice(carla, `${LIFE}/declare-insolvent`, { reason: REASON, successor: '' })
  const opened = await carla.text(LIFE)
  for (const words of [
    'insolvenza',
    'non ancora fatta',
    'il curatore',
    'manca',
    'C-1',
    'da accertare',
    'Autorizzazioni revocate',
  ])
    expect(opened).toContain(words)
  expect(opened).not.toContain('Finito il')
  await twice(carla, `${LIFE}/terminate`, { reason: REASON, successor: '' })
  await twice(second, `${LIFE}/terminate`, { reason: REASON, successor: '' })
  expect(await stateOf(console)).toBe('frozen')

  const csrf = await carla.csrf('/contracts')
  expect((await carla.post(`${LIFE}/choice`, { csrf, choice: 'nothing', sure: 'yes' })).status).toBe(400)
  await twice(carla, `${LIFE}/choice`, { choice: 'deletion' })
  await twice(carla, `${LIFE}/begin-return`, { reason: REASON })

  const early = { csrf, reason: REASON, sure: 'yes' }
  const verifying = await carla.post(`${LIFE}/verify`, early)
  expect([verifying.status, (await verifying.text()).includes('Mancano delle dichiarazioni')]).toEqual([
    409,
    true,
  ])
  const declaration = { name: 'Aurora Servizi S.r.l.', document: 'AB'.repeat(32), signedOn: '2026-11-23' }
  for (const party of ['processor', 'curator'])
    await twice(carla, `${LIFE}/declaration`, { ...declaration, party })
  for (const wrong of [
    { ...declaration, party: 'curator', document: 'abc' },
    { ...declaration, party: 'curator', signedOn: 'ieri' },
    { ...declaration, party: 'nobody' },
  ])
    expect((await carla.post(`${LIFE}/declaration`, { ...wrong, csrf, sure: 'yes' })).status).toBe(400)
  const unsigned = { ...declaration, party: 'curator', document: 'abc', csrf, sure: 'yes' }
  const asked = await (await carla.post(`${LIFE}/declaration`, unsigned)).text()
  expect(asked).toContain('href="#curator-Aurora-Servizi-S-r-l--document"')
  const stranger = { ...declaration, party: 'sub-processor', name: 'Altri', csrf, sure: 'yes' }
  expect((await carla.post(`${LIFE}/declaration`, stranger)).status).toBe(409)

  // Another contract's copy is not settled here.
  const foreign = { csrf, copy: 'C-2', how: 'deleted', reason: REASON, sure: 'yes' }
  expect((await carla.post(`${LIFE}/copy`, foreign)).status).toBe(400)
  await twice(carla, `${LIFE}/copy`, {
    copy: 'C-1',
    how: 'deleted',
    reason: 'dichiarazione del curatore, p. 2',
  })
  expect((await console.copies.copy('C-2'))?.settled).toBeNull()

  await twice(carla, `${LIFE}/verify`, { reason: REASON })
  await twice(second, `${LIFE}/verify`, { reason: REASON })
  expect(await stateOf(console)).toBe('verified')
  const done = await carla.text(LIFE)
  for (const words of [
    'restituzione verificata',
    'Finito il',
    'firmata il 23 novembre 2026',
    'La firma non è controllata da Varco',
    'distrutta',
    '/reports/exit?',
  ])
    expect(done).toContain(words)
  expect(done).not.toContain('Registra la dichiarazione')
})

test('markup in a proposal, a step, a declaration or a copy stays text', async () => {
  await using console = await managed()
  const contract = asId<never>('aurora-2026')
  await console.copies.addCopy(copyFact({ id: EVIL, owner: asId(EVIL), contract, settled: null }))
  const carla = await manager(console)
  const csrf = await carla.csrf('/contracts')
  const pages = [
    await (await carla.post(`${LIFE}/terminate`, { csrf, reason: EVIL, successor: EVIL })).text(),
    await (await carla.post(`${LIFE}/declaration`, { csrf, party: EVIL, name: EVIL, document: EVIL })).text(),
  ]
  await twice(carla, `${LIFE}/declare-insolvent`, { reason: EVIL, successor: '' })
  await twice(carla, `${LIFE}/terminate`, { reason: EVIL, successor: '' })
  await twice(carla, `${LIFE}/copy`, { copy: EVIL, how: 'excepted', reason: EVIL })
  for (const page of [...pages, await carla.text(`${LIFE}?done=${encodeURIComponent(EVIL)}`)]) {
    expect(page).toContain('<main')
    expect(page).not.toMatch(/<img src=x|<script>alert/i)
  }
  expect(await carla.text(LIFE)).toContain('&lt;img src=x')
})

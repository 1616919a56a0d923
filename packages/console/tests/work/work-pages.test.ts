import { asId, type ContractId } from '@varco/core'
import { blindSign, sealedWorkKeys, workTokenText } from '@varco/engagement'
import { memoryWork, RecordedActs } from '@varco/engagement/testing'
import { constants, generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

const MONTH = '2026-11'
const owner = { contract: asId<ContractId>('aurora-2026'), month: MONTH }
/** One key for all: that tests make their own token with it is not what they are about. */
const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const publicKey = pair.publicKey.export({ type: 'spki', format: 'der' })

async function world() {
  const store = memoryWork()
  const acts = new RecordedActs()
  const work = {
    ...{ store, log: acts },
    closings: { of: async () => ({ closed: [], asked: [] }) },
    keys: {
      ...sealedWorkKeys(Buffer.alloc(32, 1)),
      create: async () => ({ publicKey, sealedKey: Buffer.alloc(1) }),
      sign: (_: unknown, __: Buffer, blinded: Buffer) => blindSign(pair.privateKey, blinded),
    },
  }
  const console = await openConsole({ work })
  return { console, store, acts }
}

async function asWorker(console: OpenConsole): Promise<Visitor> {
  const visitor = console.visitor()
  await visitor.signIn('/me/work', 'aurora')
  return visitor
}

/** As a worker's program would have it in the end. */
function token(): string {
  const message = Buffer.concat([Buffer.alloc(32, 5), Buffer.from(workTokenText(owner))])
  const padding = constants.RSA_PKCS1_PSS_PADDING
  const signature = sign('sha384', message, { key: pair.privateKey, padding, saltLength: 48 })
  return JSON.stringify({
    ...{ format: 'varco/work-token', ...owner },
    message: message.toString('base64url'),
    signature: signature.toString('base64url'),
  })
}

async function logged(console: OpenConsole): Promise<number> {
  return (await console.reader.search({ limit: 100 })).events.length
}

test('a worker’s token is signed once, and neither the page nor the taking is in the log', async () => {
  const { console, acts } = await world()
  await using _ = console
  const anna = await asWorker(console)
  const page = await anna.text('/me/work')
  for (const words of [
    `Gettone di ${MONTH}`,
    'varco work take',
    'non viene annotato',
    'data-contract="aurora-2026"',
  ])
    expect(page).toContain(words)
  const before = await logged(console)
  const take = async (blinded: Buffer, contract = 'aurora-2026') => {
    const csrf = await anna.csrf('/me/work')
    const answer = await anna.post('/me/work/token', {
      csrf,
      contract,
      month: MONTH,
      blinded: blinded.toString('base64url'),
    })
    return {
      status: answer.status,
      ...((await answer.json()) as { readonly code?: string; readonly blind_signature?: string }),
    }
  }
  const first = await take(Buffer.alloc(256, 1))
  expect(first).toEqual({
    status: 200,
    blind_signature: blindSign(pair.privateKey, Buffer.alloc(256, 1))?.toString('base64url'),
  })
  expect(await take(Buffer.alloc(256, 2))).toMatchObject({ status: 409, code: 'work-token-taken' })
  expect(await take(Buffer.alloc(256, 2), 'borea-2023')).toMatchObject({ code: 'work-no-contract' })
  expect(await logged(console)).toBe(before)
  expect(acts.kinds).toEqual(['work-key-made'])
})

test('whoever works under no contract, or under one their login does not vouch for, has none to take', async () => {
  const { console } = await world()
  await using _ = console
  for (const sub of ['dpo-1', 'operator-1']) {
    console.provider.person = { sub, name: 'Otto Verdi' }
    const visitor = console.visitor()
    await visitor.signIn('/me/work')
    const page = await visitor.text('/me/work')
    expect(page).toContain('nessun tuo incarico in corso')
    expect(page).not.toContain('data-work-token')
    const csrf = await visitor.csrf('/me/work')
    const form = {
      csrf,
      contract: 'aurora-2026',
      month: MONTH,
      blinded: Buffer.alloc(256, 1).toString('base64url'),
    }
    const answer = await visitor.post('/me/work/token', form)
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('work-no-contract')])
  }
})

test('a declaration is taken in from nobody, and from nobody else', async () => {
  const { console, store } = await world()
  await using _ = console
  await (await asWorker(console)).get(`/work/key/aurora-2026/${MONTH}`)
  console.clock.advance(30n * 86_400_000_000n)
  const form = { token: token(), 'hours-antimafia-assessment': '30', 'hours-invoice-enquiry': '' }

  const known = await asWorker(console)
  expect(await known.text('/work')).toContain('la console saprebbe di chi è')
  expect((await known.post('/work', form)).status).toBe(409)
  const declared = async () => (await store.declared(owner.contract, MONTH, MONTH))[0]?.declarations
  expect(await declared()).toEqual([])

  const nobody = console.visitor()
  const page = await nobody.text('/work')
  expect(page).toContain('Valutazione antimafia')
  expect(page).not.toContain('name="csrf"')
  const before = await logged(console)
  const done = await nobody.post('/work', form)
  expect([done.status, done.headers.get('location')]).toEqual([303, '/work?done=yes'])
  expect(await nobody.text('/work?done=yes')).toContain('presa in consegna')
  expect((await declared())?.map(({ hours }) => hours)).toEqual([{ 'antimafia-assessment': 30 }])
  expect(await logged(console)).toBe(before)
  const again = await nobody.post('/work', form)
  expect([again.status, await again.text()]).toEqual([400, expect.stringContaining('già stata consegnata')])
})

test.each([
  ['no token', { token: 'x' }, 'Questo non è un gettone'],
  ['markup', { token: `</textarea><script>alert(1)</script>` }, '&lt;/textarea&gt;'],
  ['no hours', {}, 'ore intere'],
  ['half an hour', { 'hours-invoice-enquiry': '0.5' }, 'ore intere'],
  ['words for hours', { 'hours-invoice-enquiry': 'many' }, 'ore intere'],
  ['a purpose that is none', { 'hours-__proto__': '8' }, 'ore intere'],
])('%s is said beside the form', async (_name, over, words) => {
  const { console } = await world()
  await using _ = console
  await console.visitor().get(`/work/key/aurora-2026/${MONTH}`)
  console.clock.advance(30n * 86_400_000_000n)
  const answer = await console.visitor().post('/work', { token: token(), ...over })
  const page = await answer.text()
  expect([answer.status, page]).toEqual([400, expect.stringContaining(words)])
  expect(page).not.toContain('<script>alert')
})

test('the key is told to everybody alike, and there is none of another month', async () => {
  const { console } = await world()
  await using _ = console
  const path = `/work/key/aurora-2026/${MONTH}`
  const [known, unknown] = [await (await asWorker(console)).text(path), await console.visitor().text(path)]
  expect(known).toBe(unknown)
  expect(JSON.parse(unknown)).toMatchObject({ public_key: publicKey.toString('base64url') })
  for (const other of ['/work/key/aurora-2026/2026-12', '/work/key/nobody/2026-11', '/work/key/%3Cb%3E/x'])
    expect((await console.visitor().get(other)).status).toBe(404)
})

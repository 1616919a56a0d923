import { createHash } from 'node:crypto'
import { RSABSSA } from '@cloudflare/blindrsa-ts'
import { asId, type ContractId } from '@varco/core'
import { sealedWorkKeys, workTokenText, type WorkStore } from '@varco/engagement'
import { assignmentFact, memoryWork, operatorFact, RecordedActs } from '@varco/engagement/testing'
import { expect, test } from 'vitest'
import { gatehouse, tokenOf, type Gatehouse } from '../gatehouse.ts'

const MONTH_US = 31n * 86_400_000_000n
const suite = RSABSSA.SHA384.PSS.Randomized()
const keys = sealedWorkKeys(Buffer.alloc(32, 3))

interface World extends Gatehouse {
  readonly acts: RecordedActs
  readonly work: WorkStore
}

async function world(): Promise<World> {
  const acts = new RecordedActs()
  const work = memoryWork()
  const gate = await gatehouse({ work: { store: work, keys, log: acts } })
  return { ...gate, acts, work }
}

interface Told {
  readonly public_key: string
  readonly digest: string
  readonly phase: string
  readonly event: string
  readonly blind_signature: string
  readonly code: string
  readonly message: string
}

const KEY = '/work/aurora-2026/2026-06'
const NOBODY = { authorization: null, 'varco-ticket': null, 'varco-purpose': null }

async function told(response: Promise<Response>): Promise<Told & { readonly status: number }> {
  const answer = await response
  return { ...((await answer.json()) as Told), status: answer.status }
}

/** A token taken as a worker's program takes it. */
async function taken(gate: World, authorization?: string) {
  const { public_key: sent } = await told(gate.get(KEY, NOBODY))
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' }
  const spki = new Uint8Array(Buffer.from(sent, 'base64url'))
  const key = await crypto.subtle.importKey('spki', spki, algorithm, true, ['verify'])
  const owner = { contract: asId<ContractId>('aurora-2026'), month: '2026-06' }
  const message = suite.prepare(new TextEncoder().encode(workTokenText(owner)))
  const { blindedMsg, inv } = await suite.blind(key, message)
  const answer = await told(
    gate.send('/me/work-token', {
      method: 'POST',
      headers: authorization === undefined ? {} : { authorization },
      body: JSON.stringify({ month: '2026-06', blinded: Buffer.from(blindedMsg).toString('base64url') }),
    }),
  )
  const blindSignature = new Uint8Array(Buffer.from(answer.blind_signature ?? '', 'base64url'))
  return {
    answer,
    token: async () => ({
      ...{ contract: 'aurora-2026', month: '2026-06', message: Buffer.from(message).toString('base64url') },
      signature: Buffer.from(await suite.finalize(key, message, blindSignature, inv)).toString('base64url'),
    }),
  }
}

const declare = (gate: World, body: object, headers: Readonly<Record<string, string | null>> = NOBODY) =>
  told(gate.send('/work/declarations', { method: 'POST', headers, body: JSON.stringify(body) }))

test('a worker takes a token with their login, and hands it in a month later without any', async () => {
  const gate = await world()
  const { answer, token } = await taken(gate)
  expect(answer).toMatchObject({ status: 200, phase: 'taking', event: 'acts.1.1' })
  const declaration = { token: await token(), hours: { 'antimafia-assessment': 30 } }
  expect(await declare(gate, declaration)).toMatchObject({ status: 409, code: 'work-not-now' })
  gate.clock.advance(MONTH_US)
  expect(await declare(gate, declaration)).toMatchObject({ status: 200, taken_in: true })
  expect(await declare(gate, declaration)).toMatchObject({ status: 409, code: 'work-token-used' })
  const [month] = await gate.work.declared(asId('aurora-2026'), '2026-06', '2026-06')
  expect(month?.declarations.map(({ hours }) => hours)).toEqual([{ 'antimafia-assessment': 30 }])
})

test('neither the log nor any answer tells who took or handed in, or when', async () => {
  const gate = await world()
  const { token } = await taken(gate)
  const again = await taken(gate)
  expect(again.answer).toMatchObject({ status: 409, code: 'work-token-taken' })
  gate.clock.advance(MONTH_US)
  await declare(gate, { token: await token(), hours: { 'invoice-enquiry': 8 } })
  await declare(gate, { token: await token(), hours: { 'invoice-enquiry': 8 } })
  expect(gate.log.drafts).toEqual([])
  expect(gate.acts.acts).toMatchObject([{ kind: 'work-key-made', operator: null }])
  expect(gate.acts.kinds).toHaveLength(1)
})

test('the key is the same for everybody, and asked for without saying who asks', async () => {
  const gate = await world()
  const open = await told(gate.get(KEY, NOBODY))
  expect(open).toMatchObject({ status: 200, phase: 'taking' })
  expect(open.digest).toBe(
    createHash('sha256').update(Buffer.from(open.public_key, 'base64url')).digest('hex'),
  )
  await gate.engagement.putMany({
    operators: [operatorFact({ id: asId('aurora:bea'), externalId: 'bea' })],
    assignments: [assignmentFact({ operator: asId('aurora:bea'), pseudonym: asId('AUR-BEA') })],
  })
  const [anna, bea] = [await taken(gate), await taken(gate, `Bearer ${await tokenOf('bea')}`)]
  expect(new Set([open.digest, anna.answer.digest, bea.answer.digest]).size).toBe(1)
  expect(bea.answer.status).toBe(200)
  expect(gate.acts.acts[0]?.detail).toEqual({ month: '2026-06', key: open.digest })
})

test.each([
  ['/work/aurora-2026/2026-07', 'a month to come'],
  ['/work/aurora-2026/2026-05', 'a month nobody opened'],
  ['/work/aurora-2026/2026-13', 'no month'],
  ['/work/nobody-2026/2026-06', 'no contract'],
  ['/work/%3Cscript%3E/2026-06', 'no id'],
])('there is no key at %s: %s', async (path) => {
  const gate = await world()
  expect(await told(gate.get(path, NOBODY))).toMatchObject({ status: 404, code: 'not-found' })
  expect(gate.acts.kinds).toEqual([])
})

test('a token is signed for people of contracts only, who prove who they are', async () => {
  const gate = await world()
  const body = JSON.stringify({ month: '2026-06', blinded: Buffer.alloc(256, 1).toString('base64url') })
  const take = (headers: Readonly<Record<string, string | null>>) =>
    told(gate.send('/me/work-token', { method: 'POST', headers, body }))
  expect((await take({ authorization: null })).status).toBe(401)
  const dora = `Bearer ${await tokenOf('dora', { iss: 'https://login.gse.example' })}`
  expect(await take({ authorization: dora, 'varco-ticket': null })).toMatchObject({
    ...{ status: 403, code: 'work-no-contract' },
  })
  const bruno = `Bearer ${await tokenOf('bruno', { iss: 'https://login.borea.example' })}`
  expect((await take({ authorization: bruno, 'varco-ticket': null })).status).toBe(403)
  await gate.engagement.putOperator(operatorFact({ kind: 'workload' }))
  expect(await take({})).toMatchObject({ status: 403, code: 'not-a-person' })
})

test.each([
  [{}],
  [{ month: '2026-06' }],
  [{ month: '2026-06', blinded: '%%%' }],
  [{ month: '2026-06', blinded: 'A'.repeat(2_000) }],
  [{ month: 'June', blinded: 'AAAA' }],
  [{ month: '2026-06', blinded: 'AAAA', contract: 'borea-2023' }],
])('what is no request for a token is sent back: %j', async (body) => {
  const gate = await world()
  const sent = gate.send('/me/work-token', { method: 'POST', body: JSON.stringify(body) })
  expect(await told(sent)).toMatchObject({ status: 400, code: 'invalid-body' })
})

test('a declaration that cannot be read, or is not signed, is sent back in the reader’s language', async () => {
  const gate = await world()
  gate.clock.advance(MONTH_US)
  const token = { contract: 'aurora-2026', month: '2026-06', message: 'AAAA', signature: 'AAAA' }
  expect(await declare(gate, { token, hours: { 'invoice-enquiry': 1 }, name: 'Anna' })).toMatchObject({
    ...{ status: 400, code: 'invalid-body' },
  })
  const refused = await declare(
    gate,
    { token, hours: { 'invoice-enquiry': 1 } },
    { ...NOBODY, 'accept-language': 'en' },
  )
  expect(refused).toMatchObject({ status: 403, code: 'work-bad-token' })
  expect(refused.message).toContain('not of this contract')
})

test('while the log is away no key is given, and nothing is taken', async () => {
  const gate = await world()
  gate.acts.failing = true
  expect((await told(gate.get(KEY, NOBODY))).status).toBe(503)
  gate.acts.failing = false
  expect((await taken(gate)).answer.status).toBe(200)
})

import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { runVarco } from '@varco/cli'
import { asId } from '@varco/core'
import { requestDemoToken, sampleIssuers, sampleOperators } from '@varco/demo'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must, sampleDesk } from '../support/sample-desk.ts'
import { startSampleStack, type SampleStack } from '../support/sample-stack.ts'

const CONTRACT = 'aurispola-2026'

let sample: SampleStack

beforeAll(async () => {
  sample = await startSampleStack({ producers: 200 })
})

afterAll(async () => {
  await sample[Symbol.asyncDispose]()
})

const manager = must(
  sampleOperators().find(({ username, contract }) => contract === null && username === 'direttore.contratto'),
).pseudonym

async function varco(...argv: readonly string[]) {
  const out = new PassThrough()
  const err = new PassThrough()
  const env = { ...sample.home.env, DATABASE_URL: must(sample.stack.services.databases.server).url }
  const code = await runVarco(argv, { env, out, err, stop: new AbortController().signal })
  out.end()
  err.end()
  return { code, out: await text(out), err: await text(err) }
}

async function file(name: string, content: string, encoding: BufferEncoding = 'utf8'): Promise<string> {
  const where = path.join(sample.home.dir, name)
  await writeFile(where, content, encoding)
  return where
}

test('people come from a spreadsheet in Latin-1 with semicolons; one bad row, and nobody does', async () => {
  const header = 'issuer;sub;contract;role;unit;from;to'
  const issuer = 'https://login.aurispola.example'
  const good = `${issuer};niccolò;${CONTRACT};contact-centre.operator;cc-phone;2026-02-01;`
  const bad = `${issuer};zoe;${CONTRACT};contact-centre.operator;cc-phone;2026-05-01;2026-04-01`
  const { engagement, clock } = sample.stack.services
  const known = async (sub: string) => engagement.whoIs(issuer, sub, clock.now())

  const mixed = await file('mixed.csv', [header, good, bad].join('\r\n'), 'latin1')
  const refused = await varco('operator', 'import', mixed, '--by', manager)
  expect(refused.code).toBe(1)
  expect(refused.out).toContain('line 3: refused: The assignment ends before it begins.')
  expect(await known('niccolò')).toBeNull()

  const clean = await file('clean.csv', [header, good].join('\r\n'), 'latin1')
  expect(await varco('operator', 'import', clean, '--by', manager)).toMatchObject({ code: 0 })
  expect((await known('niccolò'))?.assignments).toMatchObject([
    { contract: CONTRACT, pseudonym: expect.stringMatching(/^AUR-[0-9A-Z]{6}$/) },
  ])
  expect((await varco('operator', 'import', clean, '--by', manager)).out).toContain('1 unchanged')
  const wrong = await file('wrong.csv', 'issuer;shoe\na;b')
  expect(await varco('operator', 'import', wrong, '--by', manager)).toMatchObject({ code: 2, out: '' })
})

test('who stands behind a pseudonym is opened by two people, for a case, and the worker sees it', async () => {
  const { databases, reader } = sample.stack.services
  const { rows } = await databases.state.pool.query('SELECT * FROM varco.operators')
  expect(JSON.stringify(rows)).not.toContain('niccolò')

  const issuer = 'https://login.aurispola.example'
  const known = await sample.stack.services.engagement.whoIs(issuer, 'niccolò', 1_790_000_000_000_000n)
  const pseudonym = must(known?.assignments[0]).pseudonym
  const asked = ['identity', 'request', pseudonym, '--case', 'RG 12/2026', '--by', 'DPO-1', '--reason']
  expect(await varco(...asked, 'short')).toMatchObject({ code: 1, out: '' })
  expect((await varco(...asked, 'looked himself up twice')).code).toBe(0)
  const [request] = JSON.parse((await varco('--json', 'identity', 'pending')).out) as { id: string }[]
  const id = must(request).id
  expect(await varco('identity', 'approve', id, '--by', 'DPO-1')).toMatchObject({
    code: 1,
    out: '',
    err: 'varco: nobody approves their own request\n',
  })
  expect(await varco('identity', 'approve', id, '--by', 'ADM-1')).toMatchObject({
    code: 0,
    out: `niccolò  at ${issuer}\n`,
  })
  expect(await varco('identity', 'refuse', id, '--by', 'ADM-1')).toMatchObject({ code: 1 })
  const openings = await varco('identity', 'openings', pseudonym)
  expect(openings.out).toContain('RG 12/2026  DPO-1 and ADM-1  looked himself up twice')
  const { events } = await reader.search({ kind: 'identity-opened', limit: 5 })
  expect(events).toMatchObject([{ operator: 'ADM-1', detail: { pseudonym, requestedBy: 'DPO-1' } }])
  expect(
    JSON.stringify(events, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ).not.toContain('niccolò')
  // Those of the sample body are in the vault too.
  const crew = must(sampleOperators().find(({ contract }) => contract === CONTRACT))
  await varco(
    'identity',
    'request',
    crew.pseudonym,
    '--case',
    'RG 13/2026',
    '--by',
    'DPO-1',
    '--reason',
    'a second case',
  )
  const [second] = JSON.parse((await varco('--json', 'identity', 'pending')).out) as { id: string }[]
  expect((await varco('identity', 'approve', must(second).id, '--by', 'ADM-1')).out).toBe(
    `${crew.sub}  at ${crew.issuer}\n`,
  )
})

test('tickets come from a table, twice without harm, and an unknown data subject is told', async () => {
  const rows = [
    'id,at,status,data_subject,purpose,price',
    'CRM-1,2026-11-20T09:00:00+01:00,aperta,PRD-000001,invoice-enquiry,"4,5"',
  ]
  const table = await file(
    'tickets.csv',
    [...rows, 'CRM-2,2026-11-20T09:00:00+01:00,,NOBODY,invoice-enquiry,'].join('\n'),
  )
  const first = await varco('ticket', 'import', table, '--contract', CONTRACT, '--by', manager)
  expect(first).toMatchObject({ code: 0 })
  expect(first.out).toContain('line 3: new: The data subject is not among those known.')
  expect((await varco('ticket', 'import', table, '--contract', CONTRACT, '--by', manager)).out).toContain(
    '2 unchanged',
  )
  const { engagement, reader, tickets } = sample.stack.services
  expect(await engagement.ticket(asId('CRM-1'))).toMatchObject({ status: 'open', dataSubject: 'PRD-000001' })
  expect(await tickets.ticketHistory(asId('CRM-1'))).toMatchObject([{ price: '4.50', source: 'import' }])
  expect((await reader.search({ kind: 'tickets-imported', limit: 1 })).events).toMatchObject([
    { operator: manager, contract: CONTRACT },
  ])
})

test('the contractor’s system feeds tickets over HTTP; a person may not', async () => {
  const { operator, token } = await sampleDesk(sample, 'invoice-enquiry')
  const { services, serving, identityProvider } = sample.stack
  const send = (by: string, method: string, address: string, body: unknown): Promise<Response> =>
    fetch(`${must(serving.proxyUrl)}${address}`, {
      method,
      headers: { authorization: `Bearer ${by}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const opened = {
    ...{ id: 'CRM-100', at: '2026-11-20T09:00:00+01:00', data_subject: 'PRD-000002' },
    ...{ purpose: 'invoice-enquiry', category: 'fatture', price: '4.50' },
  }
  expect((await send(token, 'POST', '/tickets', opened)).status).toBe(403)

  // Another login of the company is its ticketing system.
  const crew = sampleOperators().filter(
    ({ contract, issuer }) => contract === CONTRACT && issuer === operator.issuer,
  )
  const login = must(crew.at(-1))
  await services.engagementWriter.putOperator({
    ...{ id: login.id, issuer: login.issuer, externalId: login.sub, kind: 'workload' },
  })
  const issuer = must(sampleIssuers().find(({ issuer: url }) => url === login.issuer))
  const person = must(issuer.people.find(({ username }) => username === login.username))
  const address = must(identityProvider.addresses[login.issuer])
  const system = (await requestDemoToken(address, person)).accessToken
  const status = async (method: string, where: string, body: unknown): Promise<number> =>
    (await send(system, method, where, body)).status
  await expect.poll(() => status('POST', '/tickets', opened), { timeout: 3_000 }).toBe(201)
  expect(await status('POST', '/tickets', opened)).toBe(200)
  const closing = { at: '2026-11-20T10:00:00+01:00', status: 'closed' }
  expect(await status('PATCH', '/tickets/CRM-100', closing)).toBe(200)
  expect(await services.engagement.ticket(asId('CRM-100'))).toMatchObject({
    status: 'closed',
    contract: CONTRACT,
  })
  expect(await status('PATCH', '/tickets/CRM-100', { data_subject: 'PRD-000003' })).toBe(409)
  expect(await status('PATCH', '/tickets/CRM-none', closing)).toBe(404)
  expect(await status('POST', '/tickets', { ...opened, id: 'CRM-101', owner: 'me' })).toBe(400)
  expect((await services.tickets.ticketHistory(asId('CRM-100'))).map((each) => each.status)).toEqual([
    'open',
    'closed',
  ])
})

test('a file of the log that was taken out is in the ledger until its end is recorded', async () => {
  const { copies } = sample.stack.services
  const out = path.join(sample.home.dir, 'log.csv')
  const exported = await varco('log', 'export', '--out', out, '--by', manager, '--reason', 'yearly audit')
  expect(exported.code).toBe(0)
  const [copy] = await copies.copies({ unsettled: true, limit: 5 })
  expect(copy).toMatchObject({ kind: 'log', owner: manager, settled: null })
  const settle = () =>
    varco(
      'contract',
      'settle',
      must(copy).id,
      '--how',
      'deleted',
      '--reason',
      'shredded after the audit',
      '--by',
      manager,
    )
  expect(await settle()).toMatchObject({ code: 0 })
  expect(await settle()).toMatchObject({ code: 1 })
  expect((await copies.copy(must(copy).id))?.settled).toMatchObject({ how: 'deleted', by: manager })
})

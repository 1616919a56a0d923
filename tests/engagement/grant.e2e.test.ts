import { requestDemoToken, sampleIssuers, type CastMember } from '@varco/demo'
import type { Page } from 'playwright-core'
import { isoToMicros } from '@varco/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inBrowser } from '../console/browser.ts'
import { must, sampleDesk } from '../support/sample-desk.ts'
import { startSampleStack, type SampleStack } from '../support/sample-stack.ts'

const PURPOSE = 'invoice-enquiry'

let sample: SampleStack
let token: string
let approver: string
let operator: CastMember
let ticket: string
let correction: string

beforeAll(async () => {
  sample = await startSampleStack({ producers: 600 })
  const desk = await sampleDesk(sample, PURPOSE)
  ;({ operator, token } = desk)
  approver = await staffToken('approva.fatture')
  // A ticket about somebody who has a correction to ask about.
  const { rows } = await sample.stack.services.databases.records.pool.query<{
    correction_id: string
    producer_id: string
  }>('SELECT correction_id, producer_id FROM gse.invoice_correction WHERE NOT segregated ORDER BY 1 LIMIT 1')
  const { correction_id, producer_id } = must(rows[0])
  correction = correction_id
  ticket = 'T-CORRECTION'
  await sample.stack.services.engagementWriter.putTicket({
    ...must(await sample.stack.services.engagement.ticket(desk.ticket.id as never)),
    id: ticket as never,
    dataSubject: producer_id,
  })
})

afterAll(async () => {
  await sample[Symbol.asyncDispose]()
})

async function staffToken(username: string): Promise<string> {
  const { identityProvider } = sample.stack
  const issuer = must(sampleIssuers().find(({ people }) => people.some((each) => each.username === username)))
  const person = must(issuer.people.find((each) => each.username === username))
  const address = must(identityProvider.addresses[issuer.issuer])
  return (await requestDemoToken(address, person)).accessToken
}

function call(path: string, by: string, init: RequestInit & { grant?: string } = {}): Promise<Response> {
  const { grant, ...rest } = init
  return fetch(`${must(sample.stack.serving.proxyUrl)}${path}`, {
    ...rest,
    headers: {
      authorization: `Bearer ${by}`,
      'varco-purpose': PURPOSE,
      'varco-ticket': ticket,
      ...(grant === undefined ? {} : { 'varco-grant': grant }),
      'content-type': 'application/json',
    },
  })
}

const post = (path: string, by: string, body: unknown = {}): Promise<Response> =>
  call(path, by, { method: 'POST', body: JSON.stringify(body) })

const read = (grant?: string, key = correction): Promise<Response> =>
  call(`/records/invoice_correction?correction_id=eq.${key}`, token, grant === undefined ? {} : { grant })

test('an operator is refused, asks, a unit approves, the operator reads one record, and the grant expires', async () => {
  const refused = await read()
  expect(refused.status).toBe(403)
  const problem = (await refused.json()) as { code: string; ask_grant: Record<string, string> }
  expect(problem).toMatchObject({
    code: 'no-grant',
    ask_grant: { href: '/grants', resource: 'invoice_correction', action: 'read', purpose: PURPOSE, ticket },
  })

  const page = new URL(must(problem.ask_grant['page']))
  expect([page.origin, page.pathname]).toEqual([must(sample.stack.serving.consoleUrl), '/grants/new'])
  expect(Object.fromEntries(page.searchParams)).toMatchObject({ purpose: PURPOSE, ticket })

  const { href, resource, action } = problem.ask_grant
  const wanted = {
    resource,
    action,
    record: correction,
    reason: 'the producer asks where it stands',
    minutes: 60,
  }
  const asking = await post(must(href), token, wanted)
  expect(asking.status).toBe(201)
  const { id, state, owner } = (await asking.json()) as Record<'id' | 'state' | 'owner', string>
  expect({ state, owner }).toEqual({ state: 'asked', owner: 'invoicing' })
  expect((await read(id)).status).toBe(403)

  // Not the operator, not a colleague, not another unit.
  for (const by of [token, await staffToken('approva.antimafia'), await staffToken('fatture')])
    expect((await post(`/grants/${id}/approve`, by)).status).toBe(403)

  const approved = await post(`/grants/${id}/approve`, approver, { minutes: 1 })
  expect(approved.status).toBe(200)
  // Every node within two seconds: a grant just refused may be remembered as it was.
  const approvedBy = performance.now() + 2_000
  let answer = await read(id)
  while (answer.status !== 200 && performance.now() < approvedBy) answer = await read(id)
  expect(answer.status).toBe(200)
  const records = (await answer.json()) as readonly Record<string, unknown>[]
  expect(records).toHaveLength(1)
  expect(records[0]).toMatchObject({ correction_id: correction })
  expect(Object.keys(must(records[0]))).not.toContain('value_after')
  const other = await call(`/records/invoice_correction?limit=50`, token, { grant: id })
  expect(((await other.json()) as readonly unknown[]).length).toBe(1)

  const { services } = sample.stack
  const event = must(answer.headers.get('varco-event'))
  const { events } = await services.reader.search({ kind: 'access', limit: 5 })
  expect(events.find((each) => each.id === event)).toMatchObject({ grant: id, decision: 'permit', ticket })
  for (const kind of ['grant-asked', 'grant-approved'] as const)
    expect((await services.reader.search({ kind, limit: 5 })).events[0]).toMatchObject({ grant: id, ticket })

  // Its minute passes: told by moving the end, for a test does not wait for it.
  const shown = (await (await call(`/grants/${id}`, token)).json()) as { expires_at: string }
  expect(must(isoToMicros(shown.expires_at)) - services.clock.now()).toBeLessThanOrEqual(60_000_000n)
  const grant = must(await services.grants.grant(id as never))
  await services.grants.replaceGrant({
    ...grant,
    expiresAt: services.clock.now(),
    revision: grant.revision + 1,
  })
  await expect.poll(async () => (await read(id)).status, { timeout: 2_000, interval: 50 }).toBe(403)
  expect(await (await read(id)).json()).toMatchObject({ code: 'grant-expired' })
})

test('a grant that is revoked serves no more within two seconds', async () => {
  const wanted = {
    resource: 'invoice_correction',
    action: 'read',
    record: correction,
    reason: 'asked once more',
  }
  const { id } = (await (await post('/grants', token, wanted)).json()) as { id: string }
  await post(`/grants/${id}/approve`, approver)
  expect((await read(id)).status).toBe(200)
  expect((await post(`/grants/${id}/revoke`, approver)).status).toBe(200)
  const since = performance.now()
  await expect.poll(async () => (await read(id)).status, { timeout: 2_000, interval: 20 }).toBe(403)
  expect(performance.now() - since).toBeLessThan(2_000)
})

test('what is sent wrongly is refused without an echo of it', async () => {
  for (const body of [
    {
      resource: 'invoice_correction',
      action: 'read',
      record: 'RSSMRA80A01H501U',
      reason: 'a good reason',
      extra: 1,
    },
    { resource: 'invoice_correction', action: 'dance', record: 'RSSMRA80A01H501U', reason: 'a good reason' },
    ['RSSMRA80A01H501U'],
  ]) {
    const answer = await post('/grants', token, body)
    expect(answer.status).toBe(400)
    expect(await answer.text()).not.toContain('RSSMRA80A01H501U')
  }
  const large = await post('/grants', token, { reason: 'x'.repeat(100_000) })
  expect(large.status).toBe(413)
})

test('at the console: from the refusal’s page to the approval, and the record is read', async () => {
  const refused = (await (await read()).json()) as { ask_grant: { page: string } }
  const { username, contract } = operator
  const { processors, contracts } = sample.stack.services.policy.current()
  const company = must(processors.get(must(contracts.get(must(contract) as never)).processor)).name
  const console = must(sample.stack.serving.consoleUrl)
  /** From any page, through the login, back to that page. */
  const signIn = async (page: Page, who: string, url: string, how: string | RegExp): Promise<void> => {
    await page.goto(url)
    await page.getByRole('link', { name: how }).click()
    await page.locator('#username').fill(who)
    await page.locator('#password').fill('varco-demo')
    await page.locator('button[type=submit]:not(.quiet)').click()
    await page.waitForURL(url)
  }
  let path = ''
  const asking = await inBrowser({ viewport: { width: 390, height: 844 } }, async (page) => {
    await signIn(page, username, refused.ask_grant.page, company)
    expect(await page.getByLabel('Pratica', { exact: true }).inputValue()).toBe(ticket)
    await page.getByLabel('Codice della scheda').fill(correction)
    await page.getByLabel('Perché ti serve').fill('il produttore chiede a che punto è')
    await page.getByRole('button', { name: 'Invia la richiesta' }).click()
    await page.getByText('La richiesta è stata inviata').waitFor()
    path = new URL(page.url()).pathname
  })
  const id = path.slice('/grants/'.length)
  expect((await read(id)).status).toBe(403)
  const deciding = await inBrowser({ viewport: { width: 390, height: 844 } }, async (page) => {
    await signIn(page, 'approva.fatture', console + path, /credenziali dell’ente/)
    await page.getByRole('button', { name: 'Approva' }).click()
    await page.getByRole('button', { name: 'Approva' }).click()
    await page.getByText('l’accesso è aperto da ora').waitFor()
  })
  expect([...asking, ...deciding]).toEqual([])
  await expect.poll(async () => (await read(id)).status, { timeout: 20_000, interval: 50 }).toBe(200)
  const { events } = await sample.stack.services.reader.search({ kind: 'grant-approved', limit: 1 })
  expect(events[0]).toMatchObject({ grant: id, ticket })
})

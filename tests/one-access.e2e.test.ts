import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { openAccessLog, type StoredEvent } from '@varco/access-log'
import { eventDraft } from '@varco/access-log/testing'
import { planDay, playDay, sampleCast, type CastMember, type CastTicket } from '@varco/demo'
import { runVarco, writeSubjectReport } from '@varco/cli'
import { asId } from '@varco/core'
import { readReport, verifyReport } from '@varco/reports'
import { PostgrestClient } from '@supabase/postgrest-js'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inBrowser } from './console/browser.ts'
import { must, sampleDesk } from './support/sample-desk.ts'
import { startSampleStack, type SampleStack } from './support/sample-stack.ts'

const PURPOSE = 'invoice-enquiry'
/** The body's internal auditor: the second person of the console. */
const AUDITOR = 'revisore'

let sample: SampleStack
let operator: CastMember
let ticket: CastTicket
let token: string

beforeAll(async () => {
  sample = await startSampleStack({ producers: 600 })
  ;({ operator, ticket, token } = await sampleDesk(sample, PURPOSE))
})

afterAll(async () => {
  await sample[Symbol.asyncDispose]()
})

function client(headers: Readonly<Record<string, string>>): PostgrestClient {
  const url = `${must(sample.stack.serving.proxyUrl)}/records`
  return new PostgrestClient(url, { headers: { Authorization: `Bearer ${token}`, ...headers } })
}

async function lastEvents(count: number): Promise<readonly StoredEvent[]> {
  const { events } = await sample.stack.services.reader.search({ kind: 'access', limit: count })
  return events
}

/** Others at work, so that one access has to be found among many. */
async function playMorning(): Promise<void> {
  const { sample: body, serving, identityProvider, services } = sample.stack
  const cast = sampleCast({ now: body.loadedAt, producers: body.producers })
  const day = await playDay({
    plan: planDay(cast, { seed: 'morning', requests: 150 }),
    proxyUrl: must(serving.proxyUrl),
    addresses: identityProvider.addresses,
    audience: services.config.VARCO_AUDIENCE,
  })
  expect(day.faults).toBe(0)
}

describe('an operator with the most used PostgREST client, unmodified', () => {
  test('reads the invoices of the person their ticket is about: the number plain, the IBAN to its last four', async () => {
    const { data, error, status } = await client({ 'Varco-Purpose': PURPOSE, 'Varco-Ticket': ticket.id })
      .from('invoice')
      .select('number,amount,iban')
      .eq('producer_id', ticket.dataSubject)
      .order('issued_on', { ascending: false })
      .limit(2)
    expect(error).toBeNull()
    expect(status).toBe(200)
    const invoices = must(data) as readonly { number: string; iban: string }[]
    expect(invoices.length).toBeGreaterThan(0)
    const { rows } = await sample.stack.services.databases.records.pool.query<{
      number: string
      iban: string
    }>('SELECT number, iban FROM gse.invoice WHERE producer_id = $1', [ticket.dataSubject])
    for (const invoice of invoices) {
      const real = must(rows.find(({ number }) => number === invoice.number))
      expect(invoice.iban.slice(-4)).toBe(real.iban.slice(-4))
      expect(invoice.iban).not.toContain(real.iban.slice(0, -4))
      expect(invoice.iban.slice(0, -4)).toMatch(/^\*+$/)
    }
    const [event] = await lastEvents(1)
    expect(event).toMatchObject({
      decision: 'permit',
      purpose: PURPOSE,
      ticket: ticket.id,
      contract: operator.contract,
      action: 'read',
      resource: 'invoice',
      plain: expect.arrayContaining(['number', 'amount']),
      masked: ['iban'],
      disclosed: { count: invoices.length },
    })
    expect(must(event).filters.map(({ field, op }) => `${field} ${op}`)).toEqual(['producer_id eq'])
    expect(
      JSON.stringify(event, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain(ticket.dataSubject)
  })

  test('is refused the antimafia file, is told why, and the refusal is in the log', async () => {
    const { data, error, status } = await client({
      'Varco-Purpose': 'antimafia-evaluation',
      'Varco-Ticket': ticket.id,
    })
      .from('antimafia_check')
      .select('status,outcome')
      .eq('producer_id', ticket.dataSubject)
    expect(status).toBe(403)
    expect(data).toBeNull()
    expect(error).toMatchObject({ code: 'outside-annex' })
    const [event] = await lastEvents(1)
    expect(event).toMatchObject({
      decision: 'deny',
      resource: 'antimafia_check',
      purpose: 'antimafia-evaluation',
      reasons: expect.arrayContaining(['outside-annex']),
      plain: [],
      masked: [],
      disclosed: { count: 0 },
    })
  })

  test('leaves batches, commits and how far each anchor is behind in the metrics', async () => {
    const metrics = await (await fetch(`${must(sample.stack.serving.proxyUrl)}/metrics`)).text()
    const figure = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1])
    expect(figure('varco_log_last_batch_events')).toBeGreaterThan(0)
    expect(figure('varco_log_last_commit_seconds')).toBeGreaterThan(0)
    expect(figure('varco_log_queued_events')).toBe(0)
    expect(figure('varco_log_failures')).toBe(0)
    expect(figure('varco_log_anchor_lag_events\\{anchor="[^"]+"\\}')).toBeGreaterThanOrEqual(0)
  })

  test('sees nothing of a person the ticket is not about', async () => {
    const { data, status } = await client({ 'Varco-Purpose': PURPOSE, 'Varco-Ticket': ticket.id })
      .from('invoice')
      .select('number')
      .neq('producer_id', ticket.dataSubject)
    expect([status, data]).toEqual([200, []])
  })

  test('the log verifies afterwards, and does not once a superuser has touched one of these events', async () => {
    const { services } = sample.stack
    const { verifyLog } = await import('@varco/access-log')
    const verify = () =>
      verifyLog({
        store: services.logStore,
        verifierKeys: [services.keys.log.verifier],
        anchors: services.anchors,
      })
    const [event] = await lastEvents(1)
    const { id } = must(event)
    const [writer = '', epoch = '', seq = ''] = id.split('.')
    const pool = services.databases.state.pool
    const key = [writer, Number(epoch), seq]
    const swap = (from: string, to: string) =>
      pool.query(
        `UPDATE varco.events SET body = replace(body::text, $4, $5)::json WHERE writer = $1 AND epoch = $2 AND seq = $3`,
        [...key, from, to],
      )
    // Published checkpoints follow the log by a moment.
    await expect.poll(async () => (await verify()).findings, { timeout: 15_000 }).toEqual([])
    await swap(PURPOSE, 'portal-support')
    const tampered = await verify()
    expect(tampered.ok).toBe(false)
    expect(tampered.findings).toContainEqual(
      expect.objectContaining({ kind: 'changed', writer, seq: Number(seq) }),
    )
    await swap('portal-support', PURPOSE)
    expect((await verify()).ok).toBe(true)
  })
})

test('the citizen’s report tells of that access, with a proof that needs no database', async () => {
  const { services } = sample.stack
  const { rows } = await services.databases.records.pool.query<{ tax_code: string }>(
    'SELECT tax_code FROM gse.producer WHERE producer_id = $1',
    [ticket.dataSubject],
  )
  const identifier = must(rows[0]).tax_code
  const found = await services.subjectRecords.find(services.policy.current(), identifier.toLowerCase())
  expect(found.map(({ ref }) => ref.id)).toContain(ticket.dataSubject)
  const events = await services.reader.search({
    kind: 'access',
    decision: 'permit',
    purpose: PURPOSE,
    ticket: ticket.id,
    limit: 10,
  })
  const access = must(events.events.find(({ masked }) => masked.includes('iban')))
  const written = await writeSubjectReport(services, {
    identifier,
    dataSubjects: found.map(({ ref }) => ref),
    requestedBy: 'DPO-1',
  })
  const json = await readFile(written.json, 'utf8')
  for (const part of [access.id, must(access.operator), 'Aurispola', 'Informazioni sulle fatture'])
    expect(json).toContain(part)
  const html = await readFile(written.html, 'utf8')
  expect(html).toContain(must(access.operator))
  const verification = verifyReport(json, services.keys.log.verifier)
  expect(verification).toMatchObject({ ok: true })
  expect(verification.proved).toBeGreaterThan(0)
  const forged = json.replaceAll(must(access.operator), 'AUR-NOBODY')
  expect(verifyReport(forged, services.keys.log.verifier).ok).toBe(false)
})

/** Signs in at the body's identity provider, or at that of a company. */
async function signIn(page: Page, username: string, company?: string): Promise<void> {
  const consoleUrl = must(sample.stack.serving.consoleUrl)
  await page.goto(`${consoleUrl}/login`)
  await page.getByRole('link', { name: company ?? 'Entra con le credenziali dell’ente' }).click()
  await giveCredentials(page, username)
  await page.waitForURL((url) => url.href.startsWith(consoleUrl))
}

async function giveCredentials(page: Page, username: string): Promise<void> {
  await page.locator('#username').fill(username)
  await page.locator('#password').fill('varco-demo')
  await page.locator('button[type=submit]:not(.quiet)').click()
}

/** Is led to the provider again, and comes back to the page. */
async function proveAgain(page: Page, username: string): Promise<void> {
  await page.getByRole('link', { name: 'Conferma con le credenziali' }).click()
  await giveCredentials(page, username)
  await page.getByRole('heading', { name: 'Conferma che sei tu' }).waitFor({ state: 'detached' })
}

test('the DPO logs in, finds that access among a morning’s work and opens it', async () => {
  await playMorning()
  const pictures = process.env['VARCO_SCREENSHOTS'] === 'keep' ? 'screenshots' : 'artefacts'
  const picture = path.join(import.meta.dirname, pictures, 'access-log.png')
  for (const folder of [pictures, 'artefacts'])
    await mkdir(path.join(import.meta.dirname, folder), { recursive: true })
  const events = await sample.stack.services.reader.search({
    kind: 'access',
    decision: 'permit',
    purpose: PURPOSE,
    ticket: ticket.id,
    limit: 10,
  })
  const wanted = must(events.events.find(({ masked }) => masked.includes('iban')))
  const consoleUrl = must(sample.stack.serving.consoleUrl)
  const complaints = await inBrowser({ viewport: { width: 1280, height: 1000 } }, async (page) => {
    await signIn(page, 'dpo')
    await page.goto(`${consoleUrl}/log`)
    await page.screenshot({ path: picture })
    await page.goto(`${consoleUrl}/log?purpose=${PURPOSE}&decision=permit&ticket=${wanted.ticket}`)
    await page.locator(`a[href*="${wanted.id}"]`).first().click()
    const text = await page.locator('main').innerText()
    expect(text).toContain(wanted.id)
    expect(text).toContain(wanted.operator)
    expect(text).toMatch(/IBAN/)
    await page.screenshot({
      path: path.join(import.meta.dirname, 'artefacts', 'access-detail.png'),
      fullPage: true,
    })
  })
  expect(complaints).toEqual([])
  const reading = await sample.stack.services.reader.search({ kind: 'log-read', limit: 5 })
  expect(reading.events.length).toBeGreaterThan(0)
})

test('two people open an identity behind an alert, and the worker is told by whom and why', async () => {
  const { services, serving } = sample.stack
  const consoleUrl = must(serving.consoleUrl)
  const [event] = await lastEvents(1)
  // Others may have worked on the ticket since: whose token it was is who is meant.
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    sub: string
  }
  const known = await services.engagement.whoIs(operator.issuer, sub, services.clock.now())
  const { pseudonym } = must(known?.assignments[0])
  await services.databases.state.pool.query(
    `INSERT INTO varco.alerts (id, key, generation, rule, operator, contract, facts, events, event_count, first_us,
       last_us, raised_us, state) VALUES ('AL-LIVE', 'live', 0, 'self', $1, $2, '[]', $3, 1, $4, $4, $4, 'open')`,
    [pseudonym, operator.contract, [must(event).id], must(event).at],
  )
  const person = must(operator.username)
  const complaints = await inBrowser({ viewport: { width: 1280, height: 900 } }, async (page) => {
    await signIn(page, 'dpo')
    await page.goto(`${consoleUrl}/alerts/AL-LIVE`)
    await page.getByLabel('Riferimento della pratica').fill('RPD-2026-77')
    await page.getByLabel('Perché serve sapere chi è').fill('va sentito chi ha guardato')
    await page.getByRole('button', { name: 'Chiedi di aprire l’identità' }).click()
    await page.getByRole('button', { name: 'Chiedi di aprire l’identità' }).click()
    await page.getByText('nessuno approva la propria').waitFor()
  })
  const second = await inBrowser({ viewport: { width: 1280, height: 900 } }, async (page) => {
    await signIn(page, AUDITOR)
    await page.goto(`${consoleUrl}/alerts/AL-LIVE`)
    await page.locator('a[href^="/alerts/openings/"]').first().click()
    await page.waitForURL(/\/alerts\/openings\/./)
    const opening = page.url()
    await page.getByRole('button', { name: 'Apri l’identità' }).click()
    await proveAgain(page, AUDITOR)
    await page.goto(opening)
    await page.getByRole('button', { name: 'Apri l’identità' }).click()
    await page.getByRole('button', { name: 'Apri l’identità' }).click()
    await page.getByText('la pagina non la mostrerà un’altra volta').waitFor()
    expect(await page.locator('main').innerText()).toContain(sub)
  })
  const worker = await inBrowser({ viewport: { width: 390, height: 844 } }, async (page) => {
    await signIn(page, person, 'Aurispola Risponde S.p.A.')
    await page.goto(`${consoleUrl}/me/openings`)
    const told = await page.locator('main').innerText()
    for (const words of ['RPD-2026-77', 'va sentito chi ha guardato', pseudonym])
      expect(told).toContain(words)
  })
  expect([...complaints, ...second, ...worker]).toEqual([])
})

test('every document is made from the page, of the real log and figures', async () => {
  const consoleUrl = must(sample.stack.serving.consoleUrl)
  const period = { from: '2026-01-01', to: '2099-12-31' }
  const contract = must(operator.contract)
  const orders = {
    register: {},
    audit: period,
    transparency: period,
    tickets: period,
    drift: { contract, from: '2026-01', to: '2030-12' },
    breach: { ...period, reference: 'INC-1', description: 'prova', aware: '2026-01-01T10:00', contract },
  }
  await inBrowser({}, async (page) => {
    await signIn(page, 'dpo')
    await page.goto(`${consoleUrl}/reports/breach`)
    await proveAgain(page, 'dpo')
    const csrf = await page.locator('input[name=csrf]').first().inputValue()
    const ask = (kind: string, form: Readonly<Record<string, string>>) =>
      page.request.post(`${consoleUrl}/reports/${kind}`, {
        form: { ...form, csrf, sure: 'yes' },
        headers: { origin: consoleUrl },
        timeout: 60_000,
      })
    for (const [kind, form] of Object.entries(orders)) {
      const answer = await ask(kind, { ...form, format: 'json' })
      expect([kind, answer.status(), answer.headers()['content-type']]).toEqual([
        kind,
        200,
        'application/json; charset=utf-8',
      ])
      expect(verifyReport(await answer.text(), sample.stack.services.keys.log.verifier)).toMatchObject({
        ok: true,
      })
    }
    const people = await ask('breach', { ...orders.breach, format: 'csv' })
    expect(await people.text()).toContain(must(ticket.dataSubject))
    expect((await ask('exit', { contract, format: 'pdf' })).status()).toBe(400)
  })
})

test('a long document is made beside the console: its page tells how far it has come, and then there is the file', async () => {
  const { logStore: store, keys, clock } = sample.stack.services
  const consoleUrl = must(sample.stack.serving.consoleUrl)
  await using log = await openAccessLog({ store, keys: keys.log, clock, writer: asId('many-1') })
  const seen = { resource: 'invoice', dataSubject: { kind: 'producer', id: 'P-MANY' } }
  await Promise.all(
    Array.from({ length: 600 }, (_, n) =>
      log.append(eventDraft({ operator: 'OP-MANY', disclosures: [{ ...seen, recordKey: String(n) }] })),
    ),
  )
  await inBrowser({}, async (page) => {
    await signIn(page, 'dpo')
    await page.goto(`${consoleUrl}/reports/breach`)
    await proveAgain(page, 'dpo')
    const csrf = await page.locator('input[name=csrf]').first().inputValue()
    const period = { from: '2026-01-01', to: '2099-12-31', aware: '2026-01-01T10:00' }
    const begun = await page.request.post(`${consoleUrl}/reports/breach`, {
      form: {
        ...{ ...period, reference: 'INC-2', description: 'prova', operator: 'OP-MANY' },
        ...{ format: 'pdf', csrf, sure: 'yes' },
      },
      headers: { origin: consoleUrl },
    })
    expect(begun.url()).toMatch(/\/reports\/under-way\/[\w-]+$/)
    await page.goto(begun.url())
    // By itself: the page's script hears when it is there.
    const link = page.locator('a[href$="/file"]')
    await link.waitFor({ timeout: 120_000 })
    const file = await page.request.get(new URL(must(await link.getAttribute('href')), consoleUrl).href)
    expect(file.headers()['content-disposition']).toMatch(/varco-breach-.*\.pdf/)
    const bytes = await file.body()
    expect(verifyReport(bytes, keys.log.verifier)).toMatchObject({ ok: true })
    expect(readReport(bytes)).toMatchObject({ figures: { accesses: 600, records: 600 } })
    await page.getByRole('button', { name: 'Elimina subito' }).click()
    await page.waitForURL(`${consoleUrl}/reports`)
    expect((await page.request.get(begun.url())).status()).toBe(404)
  })
}, 240_000)

test('the log forgets whose records it showed, by two people, never under a hold, and still verifies', async () => {
  const { services } = sample.stack
  const env = { ...sample.home.env, DATABASE_URL: must(services.databases.server).url }
  const varco = async (...argv: readonly string[]) => {
    const [out, err] = [new PassThrough(), new PassThrough()]
    const said = Promise.all([text(out), text(err)])
    const code = await runVarco(argv, { env, out, err, stop: new AbortController().signal })
    out.end()
    err.end()
    const [stdout, stderr] = await said
    return { code, stdout, stderr }
  }
  const subject = `producer:${must(ticket.dataSubject)}`
  const erase = (approver: string) =>
    varco(
      ...['log', 'erase', '--subject', subject, '--reason', 'GDPR Art. 17, request RQ-2026-000012'],
      ...['--by', 'ADM-1', '--approver', approver],
    )
  const shown = async (): Promise<number> => {
    const dataSubject = { kind: 'producer', id: must(ticket.dataSubject) }
    return (await services.reader.search({ dataSubject, limit: 5 })).events.length
  }
  expect(await shown()).toBeGreaterThan(0)
  expect(await erase('ADM-1')).toMatchObject({ code: 2 })

  const hold = ['retention', 'hold', '--data-subject', subject, '--case', 'RG 1/2026']
  const held = await varco('--json', ...hold, '--reason', 'before the court', '--by', 'LEG-1')
  expect(await erase('DPO-1')).toMatchObject({ code: 1, stdout: '' })
  expect(await shown()).toBeGreaterThan(0)
  const { id } = JSON.parse(held.stdout) as { id: string }
  expect(await varco('retention', 'release', id, '--by', 'LEG-2')).toMatchObject({ code: 0 })

  expect((await erase('DPO-1')).stdout).toMatch(/^\d+ disclosures forgotten; command\.1\.\d+/)
  expect(await shown()).toBe(0)
  const { events } = await services.reader.search({ kind: 'disclosures-erased', limit: 1 })
  expect(events).toMatchObject([{ operator: 'ADM-1', detail: { approver: 'DPO-1' } }])
  expect((await erase('DPO-1')).stdout).toBe('the log shows nothing of this data subject\n')
  expect(await varco('log', 'verify')).toMatchObject({ code: 0 })
})

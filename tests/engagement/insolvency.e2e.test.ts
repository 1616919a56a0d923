import { createHash } from 'node:crypto'
import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { openAccessLog } from '@varco/access-log'
import { runVarco, silentOutput, startDemoStack, type DemoStack } from '@varco/cli'
import { asId, envToConfig } from '@varco/core'
import { requestDemoToken, sampleIssuers, sampleOperators } from '@varco/demo'
import { liveEngagement } from '@varco/engagement'
import { createProxy, serveProxy, type RunningProxy } from '@varco/proxy'
import { openBudgetStore, openEngagementStore, postgresRecordSource } from '@varco/postgres'
import { copyServerFiles } from '@varco/postgres/testing'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { must } from '../support/sample-desk.ts'
import { scratchHome, type ScratchHome } from '../support/sample-stack.ts'

const SECOND = 'brumalba-2022'
const SUCCESSOR = 'aurispola-2026'
const PURPOSE = 'invoice-enquiry'

let home: ScratchHome
let env: Readonly<Record<string, string>>
let stack: DemoStack
let otherNode: RunningProxy
const closing = new AsyncDisposableStack()

beforeAll(async () => {
  home = closing.use(await scratchHome())
  const policies = path.join(home.dir, 'policies')
  await cp(home.env['VARCO_POLICIES'] ?? '', policies, { recursive: true })
  // A world in which the second contractor is still at work.
  const file = path.join(policies, 'processors', 'brumalba.yaml')
  const document = await readFile(file, 'utf8')
  await writeFile(file, document.replace('to: 2025-12-31\n    mode', 'to: 2029-12-31\n    mode'))
  env = { ...home.env, VARCO_POLICIES: policies }
  await copyServerFiles(inject('serverFiles'), { dir: path.join(home.dir, 'home', 'postgres') })
  stack = closing.use(
    must(await startDemoStack({ config: envToConfig(env), output: silentOutput(), producers: 300 })),
  )
  const { services, identityProvider } = stack
  await services.engagementWriter.putContractState({
    ...must(await services.engagement.contractState(asId(SECOND))),
    state: 'active',
  })
  // A second node, which learns of changes by itself.
  const store = openEngagementStore(services.databases.state, services.hide)
  const engagement = closing.use(await liveEngagement({ store, feed: store, clock: services.clock }))
  const log = closing.use(
    await openAccessLog({
      store: services.logStore,
      keys: services.keys.log,
      clock: services.clock,
      writer: asId('proxy-2'),
      diagnostics: services.diagnostics,
      anchors: services.anchors,
    }),
  )
  let requests = 0
  const app = createProxy({
    bundle: () => services.policy.current(),
    engagement,
    records: postgresRecordSource(services.databases.records),
    budgets: openBudgetStore(services.databases.state),
    accessLog: log,
    maskKeys: { hmac: new Uint8Array(32) },
    clock: services.clock,
    newRequestId: () => asId(`other-${++requests}`),
    diagnostics: services.diagnostics,
    audience: services.config.VARCO_AUDIENCE,
    issuerAddresses: identityProvider.addresses,
  })
  otherNode = closing.use(
    await serveProxy(app, { host: '127.0.0.1', port: 0, diagnostics: services.diagnostics }),
  )
})

afterAll(async () => {
  await closing.disposeAsync()
})

async function varco(...argv: readonly string[]) {
  const out = new PassThrough()
  const err = new PassThrough()
  const { server } = stack.services.databases
  const url = { DATABASE_URL: must(server).url }
  const code = await runVarco(argv, { env: { ...env, ...url }, out, err, stop: new AbortController().signal })
  out.end()
  err.end()
  return { code, out: await text(out), err: await text(err) }
}

function staff(username: string): string {
  return must(sampleOperators().find((each) => each.contract === null && each.username === username))
    .pseudonym
}

async function tokenOf({ issuer: of, username }: { issuer: string; username: string }): Promise<string> {
  const issuer = must(sampleIssuers().find(({ issuer: url }) => url === of))
  const person = must(issuer.people.find((each) => each.username === username))
  const address = must(stack.identityProvider.addresses[issuer.issuer])
  return (await requestDemoToken(address, person)).accessToken
}

/** A grant on one correction that its unit has given, under a ticket of the contract. */
async function grantInForce(token: string, like: { readonly id: string }) {
  const { services, serving } = stack
  const { rows } = await services.databases.records.pool.query<
    Record<'correction_id' | 'producer_id', string>
  >('SELECT correction_id, producer_id FROM gse.invoice_correction WHERE NOT segregated ORDER BY 1 LIMIT 1')
  const { correction_id: record, producer_id: dataSubject } = must(rows[0])
  const ticket = must(await services.engagement.ticket(asId(like.id)))
  await services.engagementWriter.putTicket({ ...ticket, id: asId('T-CORRECTION'), dataSubject })
  const call = (address: string, by: string, init: RequestInit = {}, grant?: string): Promise<Response> =>
    fetch(`${must(serving.proxyUrl)}${address}`, {
      ...init,
      headers: {
        ...{ authorization: `Bearer ${by}`, 'varco-purpose': PURPOSE, 'varco-ticket': 'T-CORRECTION' },
        ...(grant === undefined ? {} : { 'varco-grant': grant }),
        'content-type': 'application/json',
      },
    })
  const wanted = { resource: 'invoice_correction', action: 'read', record, reason: 'asked by the producer' }
  const asked = await call('/grants', token, { method: 'POST', body: JSON.stringify(wanted) })
  const { id } = (await asked.json()) as { id: string }
  const unit = must(sampleOperators().find(({ username }) => username === 'approva.fatture'))
  const approved = await call(`/grants/${id}/approve`, await tokenOf(unit), { method: 'POST', body: '{}' })
  expect(approved.status).toBe(200)
  const address = `/records/invoice_correction?correction_id=eq.${record}`
  return { id, read: () => call(address, token, {}, id) }
}

test('the second contractor becomes insolvent: two seconds later its operators see nothing on any node, its tickets are the successor’s, the exit is open', async () => {
  const { services, serving } = stack
  const pool = services.databases.state.pool
  const open = await pool.query<{ id: string; data_subject: string }>(
    "SELECT id, data_subject FROM varco.tickets WHERE contract = $1 AND status = 'open' AND purpose = $2 ORDER BY id",
    [SECOND, PURPOSE],
  )
  const ticket = must(open.rows[0])
  const operators = (of: string) =>
    sampleOperators().filter(
      ({ contract, role, to }) => contract === of && role === 'contact-centre.operator' && to === null,
    )
  // From every desk; with `VARCO_ROUNDS` every one of them.
  const crew = operators(SECOND)
  const asked = process.env['VARCO_ROUNDS'] === undefined ? crew.filter((_, seat) => seat % 6 === 0) : crew
  const tokens = await Promise.all(asked.map(tokenOf))
  expect(tokens.length).toBeGreaterThan(15)
  const successors = await Promise.all(operators(SUCCESSOR).slice(0, 1).map(tokenOf))
  const nodes = [must(serving.proxyUrl), otherNode.url]
  const look = (node: string, token: string, accept = 'application/json'): Promise<Response> =>
    fetch(`${node}/records/invoice?producer_id=eq.${ticket.data_subject}&select=number`, {
      headers: {
        ...{ authorization: `Bearer ${token}`, 'varco-purpose': PURPOSE, 'varco-ticket': ticket.id },
        accept,
      },
    })
  const everywhere = async (of: readonly string[]): Promise<ReadonlySet<number>> => {
    const seen = new Set<number>()
    // Not all at once: a hundred people do not press the key in one moment.
    for (let at = 0; at < of.length; at += 6) {
      const some = of.slice(at, at + 6)
      const looks = nodes.flatMap((node) => some.map(async (token) => (await look(node, token)).status))
      for (const status of await Promise.all(looks)) seen.add(status)
    }
    return seen
  }
  const shownToSuccessor = (): Promise<readonly number[]> =>
    Promise.all(nodes.map(async (node) => (await look(node, must(successors[0]))).status))
  expect(await everywhere(tokens)).toEqual(new Set([200]))
  expect(await shownToSuccessor()).toEqual([403, 403])

  // One of them has a grant in force.
  const grant = await grantInForce(must(tokens[0]), must(ticket))
  expect((await grant.read()).status).toBe(200)

  const all = await pool.query<{ id: string }>(
    "SELECT id FROM varco.tickets WHERE contract = $1 AND status = 'open'",
    [SECOND],
  )
  const noon = await varco(
    ...['--json', 'contract', 'terminate', SECOND, '--insolvent', '--successor', SUCCESSOR],
    ...['--by', staff('direttore.contratto'), '--reason', 'judicial liquidation, judgment 114'],
  )
  const since = performance.now()
  expect(noon).toMatchObject({ code: 0, err: '' })
  expect(JSON.parse(noon.out)).toMatchObject({
    state: 'insolvent',
    taken: true,
    effects: { ticketsMoved: all.rows.length, grantsRevoked: 1 },
  })
  await expect
    .poll(() => everywhere(tokens.slice(0, 6)), { timeout: 2_000, interval: 20 })
    .toEqual(new Set([403]))
  expect(performance.now() - since).toBeLessThan(2_000)
  expect(await everywhere(tokens)).toEqual(new Set([403]))
  // Read or taken out as a table: it is the contract that is over.
  for (const accept of ['application/json', 'text/csv'])
    expect(await (await look(otherNode.url, must(tokens[0]), accept)).json()).toMatchObject({
      code: 'contract-not-active',
    })
  expect((await grant.read()).status).toBe(403)
  expect(await services.grants.grant(asId(grant.id))).toMatchObject({ state: 'revoked' })

  // None orphaned: each open ticket is the successor's, and its history says so.
  const after = await pool.query<{ contract: string; tickets: string }>(
    'SELECT contract, count(*) AS tickets FROM varco.tickets WHERE id = ANY($1) GROUP BY contract',
    [all.rows.map(({ id }) => id)],
  )
  expect(after.rows).toEqual([{ contract: SUCCESSOR, tickets: String(all.rows.length) }])
  const history = await pool.query("SELECT 1 FROM varco.ticket_changes WHERE source = 'transfer'")
  expect(history.rowCount).toBe(all.rows.length)
  // And the successor goes on with it, on every node.
  await expect.poll(shownToSuccessor, { timeout: 20_000, interval: 50 }).toEqual([200, 200])

  const exit = await varco('--json', 'contract', 'exit', SECOND)
  expect(exit.code).toBe(1)
  const dossier = JSON.parse(exit.out) as { exit: Record<string, unknown>; missing: { kind: string }[] }
  expect(dossier.exit).toMatchObject({ cause: 'insolvency', successor: SUCCESSOR, choice: null })
  expect(dossier.missing.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['processor', 'sub-processor', 'curator']),
  )
  const { events } = await services.reader.search({ kind: 'contract-terminated', limit: 2 })
  expect(events).toMatchObject([{ contract: SECOND, operator: staff('direttore.contratto') }])
})

test('the exit is gone through by commands: the choice, and every declaration by its hash, of which no signature was checked', async () => {
  const by = ['--by', staff('direttore.contratto')] as const
  const document = path.join(home.dir, 'declaration.pdf.p7m')
  const content = 'nothing is kept'
  await writeFile(document, content)
  const declare = (kind: string, name: string) =>
    varco(
      ...['contract', 'declare', SECOND, '--party', kind, '--name', name, '--document', document],
      ...['--signed-on', '2026-11-20', ...by],
    )
  const dossier = async () => {
    const { out } = await varco('--json', 'contract', 'exit', SECOND)
    return JSON.parse(out) as {
      readonly exit: { readonly choice: unknown }
      readonly missing: readonly { readonly kind: string; readonly name: string }[]
    }
  }
  expect(await varco('contract', 'choose', SECOND, 'deletion', ...by)).toMatchObject({ code: 0 })
  expect(await varco('contract', 'choose', SECOND, 'return', ...by)).toMatchObject({ code: 1, out: '' })
  expect(await declare('sub-processor', 'Nobody S.r.l.')).toMatchObject({ code: 1, out: '' })
  const { exit, missing } = await dossier()
  expect(exit.choice).toMatchObject({ kind: 'deletion' })
  expect(missing.length).toBeGreaterThan(2)
  const hash = createHash('sha256').update(content).digest('hex')
  for (const { kind, name } of missing)
    expect(await declare(kind, name)).toMatchObject({
      code: 0,
      out: `recorded: ${kind} ${name}, SHA-256 ${hash}; the signature itself was not checked\n`,
    })
  expect((await dossier()).missing).toEqual([])
  const told = (await varco('contract', 'exit', SECOND)).out
  expect(told).toMatch(/^declared: curator .*, signed 2026-11-20 \(signature not checked\)$/m)
  // The certificate has the declarations, says what of them was not checked, and that two people have not verified yet.
  const made = await varco('--json', 'report', 'exit', SECOND, ...by)
  expect(made.code).toBe(1)
  const files = JSON.parse(made.out) as Readonly<Record<'json' | 'html' | 'pdf', string>>
  const certificate = JSON.parse(await readFile(files.json, 'utf8')) as Record<string, unknown>
  expect(certificate).toMatchObject({ complete: false, missing: [], choice: { kind: { id: 'deletion' } } })
  expect(certificate['declarations']).toEqual(
    missing.map(({ kind, name }) =>
      expect.objectContaining({ kind: expect.objectContaining({ id: kind }), name, document: hash }),
    ),
  )
  expect(await readFile(files.html, 'utf8')).toContain('Varco non ne controlla la firma')
})

test('a command given by nobody, by a contractor’s operator, or twice by one person, moves nothing', async () => {
  const operator = must(sampleOperators().find(({ contract }) => contract === SUCCESSOR)).pseudonym
  const terminate = (by: string) =>
    varco('contract', 'terminate', SUCCESSOR, '--by', by, '--reason', 'a reason long enough')
  expect(await terminate('GSE-NOBODY')).toMatchObject({ code: 2, out: '' })
  expect(await terminate(operator)).toMatchObject({ code: 1, out: '' })
  expect((await terminate(staff('dpo'))).out).toContain('second person')
  expect(await terminate(staff('dpo'))).toMatchObject({ code: 1, out: '' })
  const { contractLife } = stack.services
  expect(await contractLife.contractState(asId(SUCCESSOR))).toMatchObject({ state: 'active' })
  const list = await varco('contract', 'list')
  expect(list.out).toMatch(/aurispola-2026 +active +2026-01-01\s+terminate waits for a second person/)
  expect(list.out).toMatch(/brumalba-2022 +insolvent .* exit by/)
})

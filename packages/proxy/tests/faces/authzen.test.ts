import { asId, type ContractId, type OperatorId } from '@varco/core'
import { assignmentFact, memoryBudgets, operatorFact, ticketFact } from '@varco/engagement/testing'
import { compileBundle, type Bundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import type { CanaryTouch } from '../../src/dependencies.ts'
import { AURORA, BOREA, gatehouse, GSE, tokenOf, type Gatehouse } from '../gatehouse.ts'

const EVALUATION = '/access/v1/evaluation'
const EVALUATIONS = '/access/v1/evaluations'
const RECORD = { id: 1, producer_id: 'P1', status: 'issued' }
const ANNA = { type: 'operator', id: 'anna' }
const READ = {
  subject: ANNA,
  action: { name: 'read' },
  resource: { type: 'invoice', id: '1', properties: RECORD },
}

interface Asked {
  readonly status: number
  readonly headers: Headers
  readonly body: {
    readonly decision?: boolean
    readonly code?: string
    readonly context?: Readonly<Record<string, unknown>>
    readonly evaluations?: readonly { readonly decision: boolean }[]
    readonly results?: readonly unknown[]
    readonly page?: { readonly next_token: string }
  }
}

/** Asks as Anna with her purpose and ticket, unless told otherwise. */
async function ask(
  gate: Gatehouse,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Asked> {
  const response = await gate.app.request(path, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: {
      ...(await as('anna')),
      ...{ 'content-type': 'application/json', 'varco-purpose': 'invoice-enquiry', 'varco-ticket': 'T-1' },
      ...headers,
    },
  })
  const { status } = response
  return { status, headers: response.headers, body: (await response.json()) as Asked['body'] }
}

async function as(name: string, iss = AURORA): Promise<Readonly<Record<string, string>>> {
  return { authorization: `Bearer ${await tokenOf(name, { iss })}` }
}

/** A bundle with a role whose programs may ask for others. */
function bundleWithPrograms(): Bundle {
  const document = fixtureDocument()
  const title = { it: 'Applicazione', en: 'Application' }
  const roles = { ...document.varco.roles, pep: { title, asks_for_others: true }, service: { title } }
  return compileBundle({ ...document, varco: { ...document.varco, roles } })
}

/** A gate where each operator may look up one data subject an hour, and a ticket of another than T-1's. */
async function withOneDataSubject(store = memoryBudgets()): Promise<Gatehouse> {
  const document = fixtureDocument()
  const budgets = { operator: { data_subjects_per_hour: 1 }, because: 'no task needs more' }
  const processors = document.processors.map((processor) => ({
    ...processor,
    contracts: processor.contracts.map((contract) => ({ ...contract, budgets })),
  }))
  const bundleInForce = compileBundle({ ...document, processors })
  const gate = await gatehouse({ bundleInForce, budgets: store })
  await gate.engagement.putTicket(ticketFact({ id: asId('T-2'), dataSubject: 'P2' }))
  return gate
}

/** Aurora's programs, one that may ask for others and one that may not, a person in the same role, the body's program. */
async function withPrograms(): Promise<Gatehouse> {
  const gate = await gatehouse({ bundleInForce: bundleWithPrograms() })
  const people = [
    [AURORA, 'crm', 'pep', 'workload'],
    [AURORA, 'batch', 'service', 'workload'],
    [AURORA, 'carlo', 'pep', 'person'],
    [GSE, 'portal', 'pep', 'workload'],
  ] as const
  for (const [issuer, externalId, role, kind] of people) {
    const id = asId<OperatorId>(externalId)
    const contract = issuer === GSE ? null : asId<ContractId>('aurora-2026')
    await gate.engagement.putMany({
      operators: [operatorFact({ id, issuer, externalId, kind })],
      assignments: [assignmentFact({ operator: id, contract, pseudonym: asId(`op-${externalId}`), role })],
    })
  }
  return gate
}

describe('one evaluation', () => {
  test('says how each visible field is shown, and names no hidden one and no rule', async () => {
    const { status, body } = await ask(await gatehouse(), EVALUATION, READ)
    expect([status, body.decision]).toEqual([200, true])
    expect(body.context).toMatchObject({ fields: { number: 'plain', iban: 'masked' } })
    expect(JSON.stringify(body)).not.toMatch(/issued_on|cc-invoice/)
  })

  test('is recorded as the record shown, for nothing more will be heard of it', async () => {
    const gate = await gatehouse()
    await ask(gate, EVALUATION, READ)
    expect(gate.log.last).toMatchObject({
      ...{ kind: 'access', operator: 'AUR-7F3A', action: 'read', resource: 'invoice', decision: 'permit' },
      ...{ rules: ['cc-invoice-enquiry'], purpose: 'invoice-enquiry', ticket: 'T-1' },
      disclosures: [{ resource: 'invoice', recordKey: '1', dataSubject: { kind: 'producer', id: 'P1' } }],
      detail: { asked: 'evaluation' },
    })
    expect(gate.log.last.plain).toContain('number')
  })

  const invoice = (properties: object): object => ({ resource: { ...READ.resource, properties } })

  test.each<[string, object, string]>([
    ['of another data subject', invoice({ ...RECORD, producer_id: 'P2' }), 'other-data-subject'],
    ['of a record under seal', invoice({ ...RECORD, status: 'sealed' }), 'forbidden'],
    ['of another action', { action: { name: 'export' } }, 'no-rule'],
    ['of an action nobody knows', { action: { name: 'delete' } }, 'unknown-action'],
    ['for somebody else', { subject: { type: 'operator', id: 'dora' } }, 'unknown-subject'],
    ['for nobody', { subject: { type: 'operator', id: 'nobody' } }, 'unknown-subject'],
    ['for another kind of subject', { subject: { type: 'user', id: 'anna' } }, 'unknown-subject'],
    ['for another purpose', { context: { purpose: 'curiosity' } }, 'unknown-purpose'],
    ['with a closed ticket', { context: { ticket: 'T-closed' } }, 'ticket-closed'],
    ['with a ticket that is none', { context: { ticket: 7 } }, 'invalid-header'],
    ['with a tax code for a ticket', { context: { ticket: 'RSSMRA80A01H501U' } }, 'invalid-header'],
  ])('%s is a decision of false, recorded with its reason and no record', async (_, change, reason) => {
    const gate = await gatehouse()
    const { status, body } = await ask(gate, EVALUATION, { ...READ, ...change })
    expect([status, body.decision]).toEqual([200, false])
    expect(JSON.stringify(body.context)).toContain(reason)
    expect(gate.log.drafts).toHaveLength(1)
    expect(gate.log.last).toMatchObject({ decision: 'deny', disclosures: [], plain: [], masked: [] })
    expect(gate.log.last.reasons).toContain(reason)
  })

  test.each<[string, object]>([
    ['by its number', RECORD],
    ['though its properties say another', { ...RECORD, id: 2 }],
    ['though its properties name none', { producer_id: 'P1', status: 'issued' }],
  ])('of a restricted record, known %s, is one of a record that no rule covers', async (_, properties) => {
    const restricted = async () => () => (record: object) => 'id' in record && String(record.id) === '1'
    const gate = await gatehouse({ restricted })
    const { body } = await ask(gate, EVALUATION, { ...READ, ...invoice(properties) })
    expect(body.decision).toBe(false)
    expect(gate.log.last).toMatchObject({ reasons: ['condition-not-met'], disclosures: [] })
  })

  test('of a restricted record, known by its id alone, is one of a record that no rule covers', async () => {
    const restricted = async () => () => (record: object) => 'id' in record && String(record.id) === '1'
    const gate = await gatehouse({ restricted })
    const resource = { type: 'invoice', id: '1' }
    expect((await ask(gate, EVALUATION, { ...READ, resource })).body.decision).toBe(false)
    expect(gate.log.last).toMatchObject({ reasons: ['condition-not-met'], disclosures: [] })
    const actions = await ask(gate, '/access/v1/search/action', { subject: ANNA, resource })
    expect(actions.body.results).toEqual([])
    const other = { ...READ, resource: { ...resource, id: '2' } }
    expect((await ask(gate, EVALUATION, other)).body.decision).toBe(true)
  })

  test('of a resource that no rule opens answers as of one that nobody declared', async () => {
    const document = fixtureDocument()
    const access = document.access.filter(({ id }) => id !== 'cc-antimafia-status')
    const gate = await gatehouse({ bundleInForce: compileBundle({ ...document, access }) })
    const told = async (type: string): Promise<unknown> =>
      (await ask(gate, EVALUATION, { ...READ, resource: { type, id: '1' } })).body
    expect(await told('antimafia_check')).toEqual(await told('unicorn'))
    expect(gate.log.drafts.map(({ resource }) => resource)).toEqual(['antimafia_check', null])
  })

  test('is not given while it cannot be recorded', async () => {
    const gate = await gatehouse()
    gate.log.failing = true
    expect((await ask(gate, EVALUATION, READ)).status).toBe(503)
  })

  test('spends the operator’s budget, as showing the record would', async () => {
    const gate = await gatehouse()
    const decisions: (boolean | undefined)[] = []
    for (let count = 0; count < 62; count++) decisions.push((await ask(gate, EVALUATION, READ)).body.decision)
    expect(decisions.indexOf(false)).toBe(60)
    expect(gate.log.last).toMatchObject({ decision: 'deny', reasons: ['budget-spent'], disclosures: [] })
    expect((await gate.get('/records/invoice?id=eq.1')).status).toBe(429)
  })

  test('spends the budget of data subjects too: to ask is no way around it', async () => {
    const gate = await withOneDataSubject()
    const other = {
      ...READ,
      resource: { type: 'invoice', id: '4', properties: { id: 4, producer_id: 'P2', status: 'issued' } },
      context: { ticket: 'T-2' },
    }
    const decided = async (question: object): Promise<boolean | undefined> =>
      (await ask(gate, EVALUATION, question)).body.decision
    expect([await decided(READ), await decided(READ), await decided(other)]).toEqual([true, true, false])
    expect(gate.log.last).toMatchObject({
      ...{ decision: 'deny', reasons: ['data-subjects-spent'], disclosures: [] },
    })
    expect((await gate.get('/records/invoice?id=eq.4', { 'varco-ticket': 'T-2' })).status).toBe(429)
  })

  test('of a record that no honest task touches is told at once, and the asker learns nothing of it', async () => {
    const document = fixtureDocument()
    const catalogue = document.catalogue.map((file) =>
      file.resource === 'invoice' ? { ...file, canaries: ['1'] } : file,
    )
    const touches: CanaryTouch[] = []
    const gate = await gatehouse({
      bundleInForce: compileBundle({ ...document, catalogue }),
      canaryWatch: { touched: (touch) => touches.push(touch) },
    })
    const { body } = await ask(gate, EVALUATION, READ)
    expect([body.decision, JSON.stringify(body).includes('canary')]).toEqual([true, false])
    expect(gate.log.last).toMatchObject({
      reasons: expect.arrayContaining(['canary-touched']) as unknown,
      detail: { asked: 'evaluation', canaries: 1 },
    })
    const search = { subject: ANNA, action: { name: 'read' }, resource: { type: 'invoice' } }
    await ask(gate, '/access/v1/search/resource', search)
    await ask(gate, EVALUATION, { ...READ, resource: { type: 'invoice', id: '1' } })
    expect(touches.map(({ resource, operator }) => [resource, operator])).toEqual([
      ['invoice', gate.log.last.operator],
      ['invoice', gate.log.last.operator],
      ['invoice', gate.log.last.operator],
    ])
  })

  test.each<[string, object]>([
    ['another key', { ...RECORD, id: 4 }],
    ['a key that is none', { ...RECORD, id: 'four' }],
    ['no key', { ...RECORD, id: null }],
  ])(
    'of properties that name %s is no: one record would be judged and another shown',
    async (_, properties) => {
      const gate = await gatehouse()
      const { body } = await ask(gate, EVALUATION, { ...READ, ...invoice(properties) })
      expect(body.decision).toBe(false)
      expect(gate.log.last).toMatchObject({ reasons: ['condition-not-met'], disclosures: [] })
    },
  )
})

describe('an evaluation of a record that is named by its id alone', () => {
  const named = (id: string): object => ({ ...READ, resource: { type: 'invoice', id } })

  test('is of the record as it is, recorded as shown', async () => {
    const gate = await gatehouse()
    const { body } = await ask(gate, EVALUATION, named('01'))
    expect(body).toMatchObject({ decision: true, context: { fields: { number: 'plain', iban: 'masked' } } })
    expect(gate.log.last).toMatchObject({
      decision: 'permit',
      disclosures: [{ resource: 'invoice', recordKey: '1', dataSubject: { kind: 'producer', id: 'P1' } }],
    })
  })

  test.each([
    ['of another data subject', '4'],
    ['under seal', '3'],
    ['whose id is no key', 'x'],
  ])('%s answers in every byte as one that is not there', async (_, id) => {
    const gate = await gatehouse()
    const told = async (which: string): Promise<unknown> => (await ask(gate, EVALUATION, named(which))).body
    expect(await told(id)).toEqual(await told('999999'))
    expect(await told(id)).toMatchObject({
      decision: false,
      context: { reason_admin: { 0: 'condition-not-met' } },
    })
    const search = { subject: ANNA, resource: { type: 'invoice', id } }
    expect((await ask(gate, '/access/v1/search/action', search)).body.results).toEqual([])
    expect(gate.log.drafts.flatMap(({ disclosures }) => disclosures)).toEqual([])
  })

  test('spends the budgets; once they are spent nobody is told whether it is there', async () => {
    const gate = await gatehouse()
    const told = async (id: string): Promise<unknown> => (await ask(gate, EVALUATION, named(id))).body
    for (let count = 0; count < 60; count++) expect(await told('1')).toMatchObject({ decision: true })
    expect(await told('1')).toMatchObject({ context: { reason_admin: { 0: 'budget-spent' } } })
    expect(await told('1')).toEqual(await told('999999'))
    expect((await gate.get('/records/invoice?id=eq.1')).status).toBe(429)
  })

  test('and is refused for the data subjects’ budget is recorded as the record it tells of', async () => {
    const store = memoryBudgets()
    await ask(await withOneDataSubject(store), EVALUATION, named('1'))
    // Another node, which has not heard yet that nothing is left.
    const gate = await withOneDataSubject(store)
    const { body } = await ask(gate, EVALUATION, { ...named('4'), context: { ticket: 'T-2' } })
    expect(body.decision).toBe(false)
    expect(gate.log.last).toMatchObject({
      ...{ decision: 'deny', reasons: ['data-subjects-spent'] },
      disclosures: [{ recordKey: '4', dataSubject: { id: 'P2' } }],
    })
    for (const id of ['4', '999999'])
      expect((await ask(gate, EVALUATION, { ...named(id), context: { ticket: 'T-2' } })).body).toEqual(body)
    expect(gate.log.last.disclosures).toEqual([])
  })

  test('needs the key in plain, as a filter by it does', async () => {
    const document = fixtureDocument()
    const access = document.access.map((rule) =>
      rule.id === 'cc-invoice-enquiry'
        ? { ...rule, fields: { plain: ['number'], masked: {}, hidden: [] } }
        : rule,
    )
    const gate = await gatehouse({ bundleInForce: compileBundle({ ...document, access }) })
    for (const id of ['1', '4', '999999'])
      expect((await ask(gate, EVALUATION, named(id))).body.context).toMatchObject({
        reason_admin: { 0: 'field-not-plain' },
      })
  })

  test('to be changed is within reach of the update and of whoever may read it', async () => {
    const document = fixtureDocument()
    const [reading] = document.access.filter(({ id }) => id === 'cc-invoice-enquiry')
    if (reading === undefined) throw new Error('the fixture has changed')
    const update = {
      ...{ ...reading, id: 'cc-invoice-correct', actions: ['update' as const] },
      ...{ where: { status: { eq: 'issued' } }, fields: { plain: ['period'], masked: {}, hidden: [] } },
    }
    const access = [...document.access, update]
    const gate = await gatehouse({ bundleInForce: compileBundle({ ...document, access }) })
    const decided = async (id: string): Promise<unknown> =>
      (await ask(gate, EVALUATION, { ...named(id), action: { name: 'update' } })).body.decision
    expect(await Promise.all(['1', '2', '4', '999999'].map(decided))).toEqual([true, false, false, false])
  })
})

describe('what is malformed is refused', () => {
  test.each<[string, unknown, Readonly<Record<string, string>>]>([
    ['nothing', '', {}],
    ['no JSON', '{', {}],
    ['no object', '[]', {}],
    ['a subject without id', { ...READ, subject: { type: 'operator' } }, {}],
    ['an empty id', { ...READ, subject: { type: 'operator', id: '' } }, {}],
    ['an id that is a number', { ...READ, subject: { type: 'operator', id: 7 } }, {}],
    ['no action', { subject: ANNA, resource: READ.resource }, {}],
    ['a resource that is text', { ...READ, resource: 'invoice' }, {}],
    ['a context that is a list', { ...READ, context: [] }, {}],
    ['another content type', READ, { 'content-type': 'text/plain' }],
  ])('%s: 400', async (_, body, headers) => {
    const gate = await gatehouse()
    const { status, body: answer } = await ask(gate, EVALUATION, body, headers)
    expect([status, answer.code]).toEqual([400, 'invalid-body'])
    expect(gate.log.last).toMatchObject({ decision: 'deny', reasons: ['invalid-body'] })
  })

  test.each(['subject', 'action', 'resource'])('a search for what is not said: %s', async (kind) => {
    const gate = await gatehouse()
    for (const body of [{}, { subject: 'anna', action: 'read', resource: 'invoice' }])
      expect((await ask(gate, `/access/v1/search/${kind}`, body)).status).toBe(400)
  })

  test('what is too large is 413, and a stranger’s 401', async () => {
    const gate = await gatehouse()
    const large = { ...READ, context: { x: 'x'.repeat(70_000) } }
    expect((await ask(gate, EVALUATION, large)).status).toBe(413)
    expect((await ask(gate, EVALUATION, READ, { authorization: 'Bearer x.y.z' })).status).toBe(401)
  })

  test('text that is no UTF-8 is not repaired', async () => {
    const gate = await gatehouse()
    const text = JSON.stringify({ ...READ, context: { purpose: '?' } })
    const body = Buffer.from(text).map((byte) => (byte === 0x3f ? 0xff : byte))
    const headers = { ...(await as('anna')), 'content-type': 'application/json' }
    expect((await gate.app.request(EVALUATION, { method: 'POST', body, headers })).status).toBe(400)
  })
})

describe('many evaluations', () => {
  const other = { action: { name: 'export' } }
  const mine = {}

  test.each<[string | undefined, readonly object[], readonly boolean[]]>([
    [undefined, [mine, other, mine], [true, false, true]],
    ['execute_all', [mine, other, mine], [true, false, true]],
    ['deny_on_first_deny', [mine, other, mine], [true, false]],
    ['permit_on_first_permit', [other, mine, other], [false, true]],
  ])('under %s', async (semantic, evaluations, expected) => {
    const gate = await gatehouse()
    const options = semantic === undefined ? {} : { options: { evaluations_semantic: semantic } }
    const { body } = await ask(gate, EVALUATIONS, { ...READ, evaluations, ...options })
    expect(body.evaluations?.map(({ decision }) => decision)).toEqual(expected)
    // Each that was answered is in the log, and no other.
    expect(gate.log.drafts.map(({ decision }) => decision === 'permit')).toEqual(expected)
  })

  test('each may state its own purpose and ticket, and is recorded under them', async () => {
    const gate = await gatehouse()
    const properties = { id: 7, producer_id: 'P1', status: 'valid' }
    const resource = { type: 'antimafia_check', id: '7', properties }
    const context = { purpose: 'antimafia-status', ticket: 'T-antimafia' }
    const { body } = await ask(gate, EVALUATIONS, { ...READ, evaluations: [{}, { resource, context }] })
    expect(body.evaluations?.map(({ decision }) => decision)).toEqual([true, true])
    expect(gate.log.drafts.map(({ purpose, ticket }) => [purpose, ticket])).toEqual([
      ['invoice-enquiry', 'T-1'],
      ['antimafia-status', 'T-antimafia'],
    ])
  })

  test('without a list it is one question; one that is incomplete makes all of it malformed', async () => {
    const gate = await gatehouse()
    expect((await ask(gate, EVALUATIONS, READ)).body.decision).toBe(true)
    expect((await ask(gate, EVALUATIONS, { ...READ, evaluations: [] })).body.decision).toBe(true)
    expect((await ask(gate, EVALUATIONS, { subject: ANNA })).status).toBe(400)
    gate.log.drafts.length = 0
    const { resource, ...common } = READ
    expect((await ask(gate, EVALUATIONS, { ...common, evaluations: [{ resource }, {}] })).status).toBe(400)
    expect(gate.log.drafts.map(({ decision }) => decision)).toEqual(['deny'])
    const options = { evaluations_semantic: 'some' }
    expect((await ask(gate, EVALUATIONS, { ...READ, evaluations: [{}], options })).status).toBe(400)
  })
})

describe('programs that enforce decisions for others', () => {
  test('may ask about those who work for the same contract, and the log says who asked', async () => {
    const gate = await withPrograms()
    const { body } = await ask(gate, EVALUATION, READ, await as('crm'))
    expect(body.decision).toBe(true)
    expect(JSON.stringify(body.context)).toContain('permitted cc-invoice-enquiry')
    const detail = { asked: 'evaluation', asked_by: 'op-crm' }
    expect(gate.log.last).toMatchObject({ operator: 'AUR-7F3A', detail })
  })

  test('only in a role that the bundle names, only programs, only of their own contract', async () => {
    const gate = await withPrograms()
    const told = async (who: Readonly<Record<string, string>>, subject: object): Promise<unknown> =>
      (await ask(gate, EVALUATION, { ...READ, subject }, who)).body.context?.['reason_admin']
    const of = (id: string, issuer: unknown): object => ({ type: 'operator', id, properties: { issuer } })
    const unknown = { 0: 'unknown-subject' }
    expect(await told(await as('batch'), ANNA)).toEqual(unknown)
    expect(await told(await as('carlo'), ANNA)).toEqual(unknown)
    const crm = await as('crm')
    for (const subject of [of('nobody', AURORA), of('bruno', BOREA), of('dora', GSE), of('anna', 7)])
      expect(await told(crm, subject)).toEqual(unknown)
    expect(gate.log.last).toMatchObject({ operator: 'op-crm', decision: 'deny' })
    expect(await told(await as('portal', GSE), of('anna', AURORA))).toEqual({
      0: 'permitted cc-invoice-enquiry',
    })
  })
})

describe('search', () => {
  test('of actions finds those the subject may do', async () => {
    const question = { subject: ANNA, resource: READ.resource }
    const { body } = await ask(await gatehouse(), '/access/v1/search/action', question)
    expect(body.results).toEqual([{ name: 'read' }, { name: 'search' }])
  })

  test('of subjects finds the caller or nobody', async () => {
    const gate = await withPrograms()
    const found = async (type: string, who = {}): Promise<unknown> =>
      (await ask(gate, '/access/v1/search/subject', { ...READ, subject: { type } }, who)).body.results
    expect(await found('operator')).toEqual([ANNA])
    expect(await found('operator', await as('crm'))).toEqual([])
    expect(await found('user')).toEqual([])
  })

  const invoices = { subject: ANNA, action: { name: 'read' }, resource: { type: 'invoice' } }

  test('of resources finds the records within reach, page by page, each recorded as shown', async () => {
    const gate = await gatehouse()
    const search = async (page: object): Promise<Asked> =>
      ask(gate, '/access/v1/search/resource', { ...invoices, page: { limit: 1, ...page } })
    const first = (await search({})).body
    expect(first.results).toEqual([{ type: 'invoice', id: '1' }])
    expect(gate.log.last).toMatchObject({ decision: 'permit', plain: ['id'] })
    expect(gate.log.last.disclosures).toEqual([
      { resource: 'invoice', recordKey: '1', dataSubject: { kind: 'producer', id: 'P1' } },
    ])
    // The third is under seal, the fourth another's.
    expect((await search({ token: first.page?.next_token })).body).toMatchObject({
      results: [{ type: 'invoice', id: '2' }],
      page: { next_token: '' },
    })
    expect((await search({ token: '-1' })).status).toBe(400)
  })

  test('of resources ends where the operator’s budget does, and past it finds nothing', async () => {
    const gate = await gatehouse()
    const search = async (): Promise<Asked['body']> =>
      (await ask(gate, '/access/v1/search/resource', invoices)).body
    for (let count = 0; count < 59; count++) await ask(gate, EVALUATION, READ)
    expect(await search()).toMatchObject({
      results: [{ type: 'invoice', id: '1' }],
      page: { next_token: '1' },
    })
    expect(await search()).toEqual({ results: [], page: { next_token: '' } })
    expect(gate.log.last).toMatchObject({ decision: 'deny', reasons: ['budget-spent'], disclosures: [] })
  })

  test('of resources spends the budget of data subjects', async () => {
    const gate = await withOneDataSubject()
    const search = async (context: object): Promise<unknown> =>
      (await ask(gate, '/access/v1/search/resource', { ...invoices, context })).body.results
    expect(await search({})).toHaveLength(2)
    expect(await search({ ticket: 'T-2' })).toEqual([])
    expect(gate.log.last).toMatchObject({ decision: 'deny', reasons: ['data-subjects-spent'] })
  })

  test('of resources finds nothing where searching them, or the action, is not permitted', async () => {
    const gate = await gatehouse()
    const antimafia = { purpose: 'antimafia-status', ticket: 'T-antimafia' }
    for (const [type, name, context] of [
      ['antimafia_check', 'read', antimafia],
      ['invoice', 'export', {}],
      ['invoice', 'delete', {}],
      ['unicorn', 'read', {}],
    ] as const) {
      const question = { subject: ANNA, action: { name }, resource: { type }, context }
      expect((await ask(gate, '/access/v1/search/resource', question)).body).toEqual({
        results: [],
        page: { next_token: '' },
      })
    }
    expect(gate.log.drafts.map(({ decision }) => decision)).toEqual(['deny', 'deny', 'deny', 'deny'])
    expect(gate.log.drafts.flatMap(({ disclosures }) => disclosures)).toEqual([])
  })
})

test('metadata names the endpoints under the public address', async () => {
  const gate = await gatehouse({ publicUrl: 'https://varco.example/gate/' })
  const response = await gate.app.request('/.well-known/authzen-configuration')
  const found = (await response.json()) as Readonly<Record<string, string>>
  expect(found['policy_decision_point']).toBe('https://varco.example/gate')
  const endpoints = Object.entries(found).filter(([name]) => name.endsWith('_endpoint'))
  expect(endpoints).toHaveLength(5)
  for (const [name, url] of endpoints) {
    const path = url.replace('https://varco.example/gate', '')
    expect([name, (await gate.app.request(path, { method: 'POST' })).status]).toEqual([name, 401])
  }
})

test('the caller’s own id for the request comes back; ours is beside it, and in the log', async () => {
  const gate = await gatehouse()
  const sent = { 'x-request-id': 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716' }
  for (const [body, status] of [[READ, 200] as const, ['{', 400] as const]) {
    const { headers, status: got } = await ask(gate, EVALUATION, body, sent)
    expect([got, headers.get('x-request-id')]).toEqual([status, sent['x-request-id']])
    expect(headers.get('varco-request')).toBe(gate.log.last.requestId)
  }
  const { headers } = await ask(gate, EVALUATION, READ)
  expect(headers.get('x-request-id')).toBe(gate.log.last.requestId)
})

import { compileBundle } from '@varco/policy'
import { fixtureBundle, fixtureDocument } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { principalAttributes } from '../../src/policies/principal-attributes.ts'
import { visibilityMatrix } from '../../src/policies/visibility-matrix.ts'
import { MORNING, openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

async function signedIn(console: OpenConsole): Promise<Visitor> {
  console.provider.person = { sub: 'administrator-1', name: 'Aldo Blu' }
  const visitor = console.visitor()
  await visitor.signIn()
  return visitor
}

describe('the rules', () => {
  test('are shown by kind of data, with whom, why and under what', async () => {
    const document = fixtureDocument()
    for (const golden of document.cases) golden.expect = { decision: 'permit' }
    const bundle = compileBundle(document)
    await using console = await openConsole({ bundle: async () => bundle })
    const page = await (await signedIn(console)).text('/policies')
    for (const words of [
      'cc-invoice-enquiry',
      'Operatore di contact centre',
      'consultare e cercare',
      'Informazioni sulle fatture',
      'una pratica aperta e al massimo 60 record l’ora',
      'Allegato A.3: informazioni sullo stato delle fatture',
      'sealed-invoices',
      'a chiunque',
      'l’esito atteso',
      'antimafia-officer',
    ]) {
      expect(page).toContain(words)
    }
    expect(page).not.toContain('non danno l’esito atteso')
    expect(page).toContain(bundle.version)
  })

  test('say which golden cases do not agree', async () => {
    const document = fixtureDocument()
    for (const golden of document.cases) golden.expect = { decision: 'permit' }
    const [golden] = document.cases
    if (golden !== undefined) golden.expect = { decision: 'deny' }
    const bundle = compileBundle(document)
    await using console = await openConsole({ bundle: async () => bundle })
    const page = await (await signedIn(console)).text('/policies')
    expect(page).toContain(`1 su ${document.cases.length} non danno l’esito atteso`)
    expect(page).toContain('Decisione: atteso deny, ottenuto permit')
  })
})

describe('the matrix', () => {
  const bundle = fixtureBundle()
  const cells = (contract: string, role: string, resource: string) => {
    const { purposes, rows } = visibilityMatrix(
      bundle,
      { contract, role, unit: 'contact-centre', resource },
      MORNING,
    )
    return {
      purposes,
      rows: Object.fromEntries(rows.map(({ field, cells: row }) => [field, row.map(({ best }) => best)])),
    }
  }

  test('says of each field how it shows, for each purpose under which anything does', () => {
    expect(cells('aurora-2026', 'contact-centre.operator', 'invoice')).toEqual({
      purposes: ['invoice-enquiry'],
      rows: expect.objectContaining({
        number: ['plain'],
        iban: ['masked'],
        issued_on: ['hidden'],
      }) as unknown,
    })
    expect(cells('aurora-2026', 'contact-centre.operator', 'antimafia_check').rows).toMatchObject({
      status: ['plain'],
      outcome: ['hidden'],
    })
    expect(cells('internal', 'contact-centre.operator', 'antimafia_check').purposes).toEqual([
      'antimafia-status',
    ])
  })

  test('keeps to the annex, and shows what a contract that has ended gave', () => {
    expect(cells('borea-2023', 'contact-centre.operator', 'invoice').purposes).toContain('invoice-enquiry')
    expect(cells('aurora-2026', 'dpo', 'invoice').purposes).toEqual([])
  })

  test('starts from a question with something to show', async () => {
    await using console = await openConsole()
    const page = await (await signedIn(console)).text('/policies/matrix')
    expect(page).toContain('Che cosa vede «Operatore di contact centre» di «Fattura», per finalità')
    expect(page).toContain('<option value="aurora-2026" selected="">')
  })

  test('is a page with the choice in its address', async () => {
    await using console = await openConsole()
    const visitor = await signedIn(console)
    const page = await visitor.text(
      '/policies/matrix?contract=aurora-2026&role=contact-centre.operator&resource=invoice',
    )
    expect(page).toContain('Che cosa vede «Operatore di contact centre» di «Fattura», per finalità')
    expect(page).toContain('ultimi quattro caratteri')
    expect(await visitor.text('/policies/matrix?role=dpo&contract=aurora-2026&resource=invoice')).toContain(
      'Per nessuna finalità questo incarico vede questi dati.',
    )
    expect((await visitor.get('/policies/matrix?role=%3Cb%3E&resource=__proto__')).status).toBe(200)
  })
})

describe('the simulator', () => {
  const form = {
    contract: 'aurora-2026',
    role: 'contact-centre.operator',
    unit: 'contact-centre',
    purpose: 'invoice-enquiry',
    action: 'read',
    resource: 'invoice',
    ticket: 'yes',
  }
  const ask = async (
    console: OpenConsole,
    over: Record<string, string> = {},
    without: readonly string[] = [],
  ) => {
    const visitor = await signedIn(console)
    const sent = Object.fromEntries(
      Object.entries({ ...form, ...over }).filter(([name]) => !without.includes(name)),
    )
    return visitor.post('/policies/simulator', { csrf: await visitor.csrf('/policies'), ...sent })
  }
  const shown = (page: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      [...page.matchAll(/<code>(\w+)<\/code><\/th><td><span class="shown shown-(\w+)"/g)].map(
        ([, field = '', outcome = '']) => [field, outcome],
      ),
    )

  test('answers as the policy would, with the rule and what must be honoured', async () => {
    await using console = await openConsole()
    const page = await (await ask(console)).text()
    expect(page).toContain('Allegato A.3: informazioni sullo stato delle fatture')
    expect(page).toContain('al massimo 60 record l’ora')
    expect(shown(page)).toMatchObject({ number: 'plain', iban: 'masked', issued_on: 'hidden' })
    expect(page).toContain('name="record.producer_id"')
  })

  test('shows how one record would be seen, or that it would not be', async () => {
    await using console = await openConsole()
    const own = { 'record.producer_id': 'INTERESSATO-1', 'record.status': 'paid' }
    expect(shown(await (await ask(console, own)).text())).toMatchObject({ number: 'plain', iban: 'masked' })
    for (const record of [
      { ...own, 'record.producer_id': 'SOMEBODY-ELSE' },
      { ...own, 'record.status': 'sealed' },
    ]) {
      expect(await (await ask(console, record)).text()).toContain(
        'Questo record non è tra quelli che la regola ammette',
      )
    }
  })

  test('says why not, what is missing and for which purpose it would do', async () => {
    await using console = await openConsole()
    const page = await (await ask(console, {}, ['ticket'])).text()
    expect(page).toContain('Negato')
    expect(page).toContain('Manca la pratica')
    expect(await (await ask(console, { purpose: 'antimafia-assessment' })).text()).toContain(
      'La finalità non è tra quelle affidate con il contratto.',
    )
    expect(await (await ask(console, { purpose: '' })).text()).toContain('Manca la finalità')
    expect(await (await ask(console, { contract: 'borea-2023' })).text()).toContain(
      'Il contratto è terminato.',
    )
  })

  test.each([
    ['role', 'nobody'],
    ['contract', 'nothing'],
    ['resource', '__proto__'],
    ['action', 'delete'],
    ['purpose', 'fun'],
    ['unit', ''],
  ])('refuses %s «%s», which was not offered', async (name, value) => {
    await using console = await openConsole()
    expect((await ask(console, { [name]: value })).status).toBe(400)
  })

  test('leaves no trace: nobody’s data are read', async () => {
    await using console = await openConsole()
    await ask(console)
    expect((await console.reader.search({ kind: 'log-read', limit: 10 })).events).toEqual([])
  })

  test('asks for what the rules want to know of the person', () => {
    const document = fixtureDocument()
    const rule = document.access.find(({ id }) => id === 'cc-invoice-enquiry')
    if (rule !== undefined) {
      rule.where = {
        or: [{ number: { in: '$principal.numbers' } }, { not: { period: { eq: '$principal.period' } } }],
        status: { eq: '$principal.unit' },
      }
    }
    const bundle = compileBundle(document)
    expect([...principalAttributes(bundle, 'invoice')]).toEqual([
      ['numbers', 'list'],
      ['period', 'one'],
    ])
    expect([...principalAttributes(bundle, 'producer')]).toEqual([])
  })
})

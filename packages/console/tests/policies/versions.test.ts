import { asId, UnavailableError, type PolicyVersion } from '@varco/core'
import type { BundleDocument } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'
import { reassign } from '../support/reassign.ts'

const EVIL = `"'><img src=x onerror=alert(1)><script>alert(1)</script>`

async function member(console: OpenConsole, sub = 'administrator-1'): Promise<Visitor> {
  console.provider.person = { sub, name: 'Aldo Blu' }
  const visitor = console.visitor()
  await visitor.signIn()
  return visitor
}

/** The fixture in force, and a draft beside it that somebody has written. */
async function consoleWithDraft(
  change: (document: BundleDocument) => void,
  putBy = 'ADM-9',
): Promise<{ console: OpenConsole; draft: PolicyVersion; path: string }> {
  const console = await openConsole()
  const inForce = await console.policies.put((await console.deps.bundle()).document, 'ADM-9')
  await console.policies.activate(inForce, 'DPO-9')
  const document = fixtureDocument()
  change(document)
  const draft = await console.policies.put(document, putBy)
  return { console, draft, path: `/policies/versions/${draft}` }
}

/** Operators would see the IBAN whole. */
function wider(document: BundleDocument): void {
  const rule = document.access.find(({ id }) => id === 'cc-invoice-enquiry')
  if (rule?.fields === undefined) throw new Error('the fixture has changed')
  rule.fields = {
    ...rule.fields,
    plain: [...(rule.fields.plain ?? []), 'iban'],
    masked: { tax_code: 'partial' },
  }
}

async function twice(visitor: Visitor, path: string): Promise<Response> {
  const csrf = await visitor.csrf('/policies')
  const asked = await visitor.post(path, { csrf })
  expect([path, asked.status]).toEqual([path, 200])
  expect(await asked.text()).toContain('name="sure" value="yes"')
  return visitor.post(path, { csrf, sure: 'yes' })
}

describe('a version', () => {
  test('is listed with who pushed it, and what was in force', async () => {
    const { console, draft } = await consoleWithDraft(wider)
    await using _ = console
    const page = await (await member(console)).text('/policies/versions')
    for (const words of [draft.slice(0, 12), 'ADM-9', 'Mai in vigore', 'In vigore', 'DPO-9'])
      expect(page).toContain(words)
  })

  test('that widens says so, for whom, and gives an example', async () => {
    const { console, path } = await consoleWithDraft(wider)
    await using _ = console
    const page = await (await member(console)).text(path)
    for (const words of [
      'Questa versione allarga',
      'Operatore di contact centre',
      'Servizio di contact centre 2026-2027',
      'Informazioni sulle fatture',
      'IBAN',
      'Esempio inventato',
      '&quot;record&quot;',
    ])
      expect(page).toContain(words)
  })

  test('that narrows does not alarm, and one that changes nothing says that', async () => {
    const narrower = await consoleWithDraft((document) => {
      document.access = document.access.filter(({ id }) => id !== 'cc-invoice-enquiry')
    })
    {
      await using console = narrower.console
      expect(await (await member(console)).text(narrower.path)).toContain('Questa versione non allarga')
    }
    const same = await consoleWithDraft((document) => {
      document.varco.controller.short = 'GSE!'
    })
    await using console = same.console
    expect(await (await member(console)).text(same.path)).toContain('Nessuna decisione cambia')
  })

  test('that was never pushed is not found', async () => {
    await using console = await openConsole()
    const aldo = await member(console)
    for (const name of ['0'.repeat(64), 'x', '..%2F', '__proto__', encodeURIComponent(EVIL)])
      expect([name, (await aldo.get(`/policies/versions/${name}`)).status]).toEqual([name, 404])
  })
})

describe('activation', () => {
  test('takes a second person, who proves who they are and is asked twice; the log has it first', async () => {
    const { console, draft, path } = await consoleWithDraft(wider, 'gse-administrator-1')
    await using _ = console
    const author = await member(console)
    await author.proveAgain()
    expect(await author.text(path)).toContain('solo un’altra persona può metterla in vigore')
    const form = { csrf: await author.csrf('/policies'), sure: 'yes' }
    const own = await author.post(`${path}/activate`, form)
    expect([own.status, (await own.text()).includes('serve una seconda persona')]).toEqual([409, true])

    const dpo = await member(console, 'dpo-1')
    const unproved = await dpo.post(`${path}/activate`, { csrf: await dpo.csrf('/policies'), sure: 'yes' })
    expect(unproved.headers.get('location')).toMatch(/^\/login\/again/)
    await dpo.proveAgain()
    const answer = await twice(dpo, `${path}/activate`)
    expect(answer.headers.get('location')).toBe(`${path}?done=activated`)
    expect((await console.policies.lastActivation())?.version).toBe(draft)
    const { events } = await console.reader.search({ kind: 'policy-activated', limit: 9 })
    expect(events).toMatchObject([
      { operator: 'gse-dpo-1', policyVersion: draft, detail: { version: draft, approver: 'gse-dpo-1' } },
    ])
    const again = await dpo.post(`${path}/activate`, { csrf: await dpo.csrf('/policies'), sure: 'yes' })
    expect([again.status, (await again.text()).includes('è già in vigore')]).toEqual([409, true])
  })

  test('is not for who pushed it under a pseudonym that has ended since', async () => {
    const { console, path } = await consoleWithDraft(wider, 'gse-old-1')
    await using _ = console
    reassign(console, 'administrator-1', (assignment) => [
      assignment,
      { ...assignment, pseudonym: asId('gse-old-1'), from: 0n, to: assignment.from },
    ])
    const author = await member(console)
    await author.proveAgain()
    expect(await author.text(path)).toContain('solo un’altra persona può metterla in vigore')
    const form = { csrf: await author.csrf('/policies'), sure: 'yes' }
    expect((await author.post(`${path}/activate`, form)).status).toBe(409)
  })

  test('does not happen where the log cannot have it', async () => {
    const { console, path } = await consoleWithDraft(wider)
    await using _ = console
    const before = (await console.policies.lastActivation())?.number
    const dpo = await member(console, 'dpo-1')
    await dpo.proveAgain()
    const csrf = await dpo.csrf('/policies')
    Object.assign(console.log, { append: () => Promise.reject(new UnavailableError('log')) })
    expect((await dpo.post(`${path}/activate`, { csrf, sure: 'yes' })).status).toBe(503)
    expect((await console.policies.lastActivation())?.number).toBe(before)
  })

  test('the auditor looks and does nothing', async () => {
    const { console, path } = await consoleWithDraft(wider)
    await using _ = console
    const auditor = await member(console, 'auditor-1')
    const page = await auditor.text(path)
    expect(page).not.toContain('Metti in vigore')
    const form = { csrf: await auditor.csrf('/policies'), sure: 'yes' }
    for (const act of [`${path}/activate`, `${path}/shadow`, '/policies/shadow/stop'])
      expect([act, (await auditor.post(act, form)).status]).toEqual([act, 403])
  })
})

describe('a live trial', () => {
  test('starts, shows kinds of difference, and stops; both are in the log', async () => {
    const { console, draft, path } = await consoleWithDraft(wider)
    await using _ = console
    const aldo = await member(console)
    expect(await aldo.text('/policies/shadow')).toContain('Nessuna versione è ancora stata provata')
    const started = await twice(aldo, `${path}/shadow`)
    expect(started.headers.get('location')).toBe('/policies/shadow?done=trial')
    const { version } = await console.deps.bundle()
    await console.shadow.add(1, {
      ...{ active: version, candidate: draft, asked: 1_200, differing: 7, left: 3, failed: 0 },
      recordsNotCompared: 2,
      differences: [
        {
          ...{ role: 'contact-centre.operator', contract: 'aurora-2026', purpose: 'invoice-enquiry' },
          ...{ action: 'read', resource: 'invoice', active: EVIL, candidate: 'permit: iban', count: 7 },
        },
      ],
    })
    const page = await aldo.text('/policies/shadow')
    for (const words of ['In corso', '7 risposte diverse su 1.200', 'permit: iban', '&lt;img src=x'])
      expect(page).toContain(words)
    expect(page).not.toMatch(/<img src=x|<script>alert/i)
    await twice(aldo, '/policies/shadow/stop')
    expect(await aldo.text('/policies/shadow')).toContain('Finita')
    const { events } = await console.reader.search({ kind: 'policy-shadowed', limit: 9 })
    expect(events.map(({ detail }) => detail?.['candidate'])).toEqual(['none', draft])
  })
})

test('markup in a version stays text', async () => {
  const { console, path } = await consoleWithDraft((document) => {
    wider(document)
    for (const resource of document.catalogue) resource.title = { it: EVIL, en: EVIL }
    const [first] = document.processors
    if (first !== undefined)
      first.identity_provider.issuer = `https://evil.example/${encodeURIComponent(EVIL)}`
    for (const golden of document.cases) golden.title = EVIL
    for (const golden of document.cases) golden.expect = { decision: 'deny' }
  }, EVIL)
  await using _ = console
  const aldo = await member(console)
  for (const page of [await aldo.text('/policies/versions'), await aldo.text(path)]) {
    expect(page).toContain('&lt;img src=x')
    expect(page).not.toMatch(/<img src=x|<script>alert/i)
  }
})

import { describe, expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

async function signedIn(console: OpenConsole): Promise<Visitor> {
  const visitor = console.visitor()
  await visitor.signIn()
  return visitor
}

test('tells a permitted access in words, with fields, rule and records', async () => {
  await using console = await openConsole()
  const id = await console.access({ policyVersion: (await console.deps.bundle()).version })
  const page = await (await signedIn(console)).text(`/log/events/${id}`)
  for (const words of [
    'Il 24 novembre 2026 alle ore 10:32:05 CET una persona di Aurora Servizi S.r.l., con l’incarico di operatore di contact centre, presso Contact centre, indicata con lo pseudonimo op-7f3a, ha consultato un record del tipo «Fattura», per la finalità «Informazioni sulle fatture». Alcuni campi sono stati mostrati solo in parte.',
    'Servizio di contact centre 2026-2027',
    'Per rispondere a una domanda sullo stato di una fattura.',
    'D.Lgs. 79/1999, art. 3',
    'Allegato A.3: informazioni sullo stato delle fatture',
    'Accesso consentito.',
    'in vigore',
    'Importo',
    'mascherato',
    'Verificata ora, davanti a te',
  ]) {
    expect(page).toContain(words)
  }
  expect(page).toContain('<code>17</code>')
})

test('lists what a change was about, field by field, and says how far it had come', async () => {
  await using console = await openConsole()
  const change = {
    ...{ action: 'update', plain: [], masked: [] },
    disclosures: [{ resource: 'invoice', recordKey: '17', dataSubject: { kind: 'producer', id: 'P-1' } }],
  }
  const intended = await console.access({
    ...change,
    changes: [{ field: 'status', record: 0, before: 'issued-before', after: 'paid-after' }],
    detail: { stage: 'intended', records: 1 },
  })
  const visitor = await signedIn(console)
  const page = await visitor.text(`/log/events/${intended}`)
  expect(page).toContain('ha chiesto di modificare un record del tipo «Fattura»')
  expect(page).toContain('com’è finita lo dice l’evento che segue')
  const section = page.slice(page.indexOf('Campi modificati'), page.indexOf('Record mostrati'))
  expect(section).toContain('<code>status</code>')
  expect(section).toContain('<code>17</code>')
  expect(section.match(/<code class="hash">[\w+/=-]{20,}<\/code>/g)).toHaveLength(2)
  expect(page).not.toMatch(/issued-before|paid-after/)
  const outcome = async (stage: string): Promise<string> =>
    visitor.text(`/log/events/${await console.access({ ...change, detail: { stage, of: intended } })}`)
  expect(await outcome('done')).toContain('ha modificato un record')
  expect(await outcome('done')).not.toContain('Campi modificati')
  expect(await outcome('not-done')).toContain('La modifica non è avvenuta.')
  await visitor.get('/language/en')
  expect(await outcome('unknown')).toContain('Whether the change was made could not be learnt')
  expect(await visitor.text(`/log/events/${intended}`)).toContain('Fields changed')
})

test('tells a refusal with its reason', async () => {
  await using console = await openConsole()
  const id = await console.access({
    decision: 'deny',
    purpose: null,
    reasons: ['no-purpose'],
    rules: [],
    plain: [],
    masked: [],
    disclosures: [],
  })
  const page = await (await signedIn(console)).text(`/log/events/${id}`)
  expect(page).toContain(
    'ha chiesto di consultare dati del tipo «Fattura», senza indicare una finalità. L’accesso è stato negato e nessun dato è stato mostrato. Motivo: Manca la finalità',
  )
  expect(page).not.toContain('Campi mostrati')
})

test('tells a caller nobody recognised, in English', async () => {
  await using console = await openConsole()
  const id = await console.access({
    operator: null,
    processor: null,
    contract: null,
    role: null,
    unit: null,
    resource: null,
    action: null,
    decision: 'deny',
    reasons: ['no-assignment'],
    rules: [],
    plain: [],
    masked: [],
    disclosures: [],
  })
  const visitor = await signedIn(console)
  await visitor.get('/language/en')
  expect(await visitor.text(`/log/events/${id}`)).toContain(
    'On 24 November 2026 at 10:32:05 CET, an unrecognised caller asked to use data not stated, for the purpose “Invoice enquiry”. The access was denied and no data was shown. Reason: This person has no current assignment.',
  )
})

test('tells of a policy that is no longer in force', async () => {
  await using console = await openConsole()
  const id = await console.access({
    policyVersion: 'b'.repeat(64),
    rules: ['a-rule-of-then'],
    reasons: ['a-reason-of-then'],
  })
  const page = await (await signedIn(console)).text(`/log/events/${id}`)
  expect(page).toContain('versione precedente')
  expect(page).toContain('a-rule-of-then')
  expect(page).toContain('a-reason-of-then')
})

test('tells an administrative act with its particulars', async () => {
  await using console = await openConsole()
  const visitor = await signedIn(console)
  await visitor.get('/log?decision=deny')
  const [reading] = (await console.reader.search({ kind: 'log-read', limit: 1 })).events
  const page = await visitor.text(`/log/events/${reading?.id}`)
  expect(page).toContain('indicata con lo pseudonimo gse-dpo-1, ha consultato il registro degli accessi.')
  expect(page).toContain('{&quot;decision&quot;:&quot;deny&quot;}')
})

test('is itself recorded', async () => {
  await using console = await openConsole()
  const id = await console.access()
  await (await signedIn(console)).get(`/log/events/${id}`)
  const [reading] = (await console.reader.search({ kind: 'log-read', limit: 10 })).events
  expect(reading).toMatchObject({
    action: 'read',
    operator: 'gse-dpo-1',
    detail: { page: 'event', event: id },
  })
})

test.each(['console-1.1.999', 'console-1.1', 'nothing', '%2e%2e', 'a%20b'])(
  'an unknown event (%s) is not found, and not recorded',
  async (id) => {
    await using console = await openConsole()
    const answer = await (await signedIn(console)).get(`/log/events/${id}`)
    expect(answer.status).toBe(404)
    expect((await console.reader.search({ kind: 'log-read', limit: 10 })).events).toEqual([])
  },
)

describe('the proof', () => {
  const page = async (console: OpenConsole, id: string): Promise<string> => {
    const answer = await (await signedIn(console)).get(`/log/events/${id}`)
    expect(answer.status).toBe(200)
    return answer.text()
  }

  test('fails in front of the reader when one letter of the entry was changed', async () => {
    await using console = await openConsole()
    const id = await console.access({ ticket: 'T-100' })
    for (const tree of console.store.trees) {
      tree.events = tree.events.map((event) => ({ ...event, body: event.body.replace('T-100', 'T-101') }))
    }
    const shown = await page(console, id)
    expect(shown).toContain('Verifica fallita')
    expect(shown).not.toContain('Verificata ora')
  })

  test('fails when the checkpoint is signed by another key', async () => {
    await using stranger = await openConsole()
    await using base = await openConsole()
    await using console = await openConsole({
      reader: base.reader,
      config: { ...base.deps.config, logVerifierKey: stranger.deps.config.logVerifierKey },
    })
    const shown = await page(console, await base.access())
    expect(shown).toContain('La firma del sigillo non è di questo registro.')
  })

  test('fails when it is the proof of another event', async () => {
    await using base = await openConsole()
    const other = await base.access()
    const id = await base.access()
    await using console = await openConsole({
      config: base.deps.config,
      reader: {
        ...base.reader,
        prove: () => base.reader.prove(other as Parameters<typeof base.reader.prove>[0]),
      },
    })
    expect(await page(console, id)).toContain('La prova riguarda un altro evento.')
  })

  test('says when references to records are gone', async () => {
    await using console = await openConsole()
    const id = await console.access()
    for (const tree of console.store.trees) tree.sideRows.splice(0)
    expect(await page(console, id)).toContain('1 riferimenti su 1 non sono più presenti')
  })
})

import { randomUUID } from 'node:crypto'
import { makeProcessingRegister, renderHtml, renderJson, renderPdf, type Report } from '@varco/reports'
import { fixtureBundle } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { UPLOADS } from '../../src/verify/verify-routes.tsx'
import { openConsole, type OpenConsole } from '../support/open-console.ts'

async function reportOf({ log, reader, clock }: OpenConsole): Promise<Report> {
  const asOf = { bundle: fixtureBundle(), at: clock.now() }
  const deps = { log, reader, requestId: () => 'r-1' }
  return makeProcessingRegister(deps, { asOf, locale: 'it', requestedBy: 'RPD-1' })
}

async function sent(
  console: OpenConsole,
  content: string | Uint8Array,
  headers: Record<string, string> = {},
) {
  const form = new FormData()
  form.set('report', new File([Buffer.from(content)], 'report'))
  const answer = await console.app.request('https://varco.gse.example/verify', {
    method: 'POST',
    body: form,
    headers: { 'accept-language': 'it', ...headers },
  })
  return { status: answer.status, text: await answer.text() }
}

describe('whoever received a report, signed in or not', () => {
  test('learns that it is the one that was recorded, from any of its three files', async () => {
    await using console = await openConsole()
    const report = await reportOf(console)
    for (const file of [renderJson(report), await renderHtml(report), await renderPdf(report)]) {
      const { status, text } = await sent(console, file)
      expect(status).toBe(200)
      expect(text).toContain('Il documento è quello registrato')
      expect(text).toContain('Registro dei trattamenti.')
    }
  })

  test('learns that a changed one is not', async () => {
    await using console = await openConsole()
    const report = await reportOf(console)
    const changed = {
      ...report,
      controller: { ...report.controller, name: '<script>alert(1)</script>' },
    } as Report
    const { status, text } = await sent(console, renderJson(changed))
    expect(status).toBe(200)
    expect(text).toContain('Il documento non è quello registrato')
    expect(text).toContain('la relazione è stata cambiata dopo essere stata fatta')
    expect(text).not.toContain('<script>alert')
  })

  test.each(['', 'not a report', '{"format":"varco/subject-report"}', '%PDF-1.7 and nothing more'])(
    'is told that this is no report: %j',
    async (content) => {
      await using console = await openConsole()
      const { status, text } = await sent(console, content)
      expect(status).toBe(content === '' ? 400 : 200)
      expect(text).toContain(content === '' ? 'Scegli il file' : 'non è una relazione')
    },
  )

  test('is refused a file that is too large, and leaves no trace in the log or the technical log', async () => {
    await using console = await openConsole()
    const before = console.store.trees.map(({ head }) => head.size)
    expect(await sent(console, 'x'.repeat(33 * 1024 * 1024))).toMatchObject({ status: 413 })
    await sent(console, 'RSSMRA80A01H501U')
    expect(console.store.trees.map(({ head }) => head.size)).toEqual(before)
    expect(JSON.stringify(console.technicalLog)).not.toContain('RSSMRA')
  })
})

test('the form of another site gains nothing: the answer stays with whoever sent it', async () => {
  await using console = await openConsole()
  const { text } = await sent(console, 'x', {
    origin: 'https://evil.example',
    'sec-fetch-site': 'cross-site',
  })
  expect(text).not.toContain('csrf')
})

test('slow uploads keep nobody from having a report checked', async () => {
  await using console = await openConsole()
  const slow = Array.from({ length: 2 }, () => upload(console))
  await Promise.all(slow.map(({ isRead }) => isRead))
  expect(await sent(console, 'not a report')).toMatchObject({ status: 200 })
  for (const { giveUp, answer } of slow) {
    giveUp()
    expect((await answer).status).toBe(400)
  }
})

test('more uploads than may be under way are refused in plain words, and taken again later', async () => {
  await using console = await openConsole()
  const slow = Array.from({ length: UPLOADS.all.atOnce }, (_, at) =>
    upload(console, `192.0.2.${at < UPLOADS.each.atOnce ? 1 : 2}`),
  )
  await Promise.all(slow.map(({ isRead }) => isRead))
  const { answer } = upload(console, '192.0.2.3')
  const refused = await answer
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await refused.text()).toContain('riprova tra qualche secondo')
  for (const each of slow) each.giveUp()
  await Promise.all(slow.map((each) => each.answer))
  expect(await sent(console, 'not a report')).toMatchObject({ status: 200 })
})

test('one address takes half of the places at most, whatever its headers say', async () => {
  await using console = await openConsole()
  const slow = Array.from({ length: UPLOADS.each.atOnce }, () => upload(console, '192.0.2.1'))
  await Promise.all(slow.map(({ isRead }) => isRead))
  expect((await upload(console, '192.0.2.1').answer).status).toBe(503)
  const other = upload(console, '192.0.2.2')
  await other.isRead
  for (const each of [...slow, other]) each.giveUp()
  expect((await other.answer).status).toBe(400)
  await Promise.all(slow.map((each) => each.answer))
})

/** Begun, and sent no further until it is given up. */
function upload({ app }: OpenConsole, remoteAddress = '192.0.2.1') {
  const read = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const body = new ReadableStream(
    {
      pull: async (controller) => {
        read.resolve()
        await end.promise
        controller.error(new Error('given up'))
      },
    },
    { highWaterMark: 0 },
  )
  const headers = {
    ...{ 'content-type': 'multipart/form-data; boundary=x', 'content-length': '1000' },
    ...{ 'accept-language': 'it', 'x-forwarded-for': randomUUID() },
  }
  const init = { method: 'POST', body, headers, duplex: 'half' as const }
  const answer = Promise.resolve(
    app.request('https://varco.gse.example/verify', init, { incoming: { socket: { remoteAddress } } }),
  )
  return { isRead: read.promise, giveUp: end.resolve, answer }
}

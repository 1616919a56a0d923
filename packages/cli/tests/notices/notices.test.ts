import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asId, isoToMicros, silentDiagnostics } from '@varco/core'
import type { Notice } from '@varco/engagement'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { expect, test } from 'vitest'
import { openDelivery } from '../../src/notices/delivery.ts'
import { byMail, byWebhook } from '../../src/notices/ways.ts'

const NOTICE: Notice = {
  kind: 'glass-broken',
  unit: 'antimafia',
  email: 'antimafia@gse.example',
  grant: asId('G-7'),
  contract: 'aurora-2026',
  resource: 'antimafia_check',
  purpose: 'antimafia-status',
  at: isoToMicros('2026-06-15T10:00:00Z') ?? 0n,
  reviewDue: isoToMicros('2026-06-18T10:00:00Z') ?? 0n,
  headline: {
    it: 'Accesso in emergenza da riesaminare: verifica',
    en: 'Emergency access, to be reviewed: check',
  },
}

type OnDataRest =
  Parameters<NonNullable<SMTPServerOptions['onData']>> extends [unknown, ...infer Rest] ? Rest : never

interface Received {
  readonly to: readonly string[]
  readonly text: string
}

/** A real mail server on a free port; turns the first mails away when told to. */
async function mailServer(turnAway = 0) {
  const received: Received[] = []
  let refused = 0
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, session, done) => {
      let body = ''
      stream.on('data', (chunk: Buffer) => (body += chunk.toString()))
      stream.on('end', () => {
        take(body, session, done)
      })
    },
  })
  const take: (body: string, ...rest: OnDataRest) => void = (body, session, done) => {
    if (refused < turnAway) {
      refused++
      done(new Error('try again later'))
      return
    }
    received.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: body })
    done()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    received,
    url: `smtp://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
      }),
  }
}

const FROM = { from: 'varco@gse.example', consoleUrl: 'https://varco.gse.example' }

test('a unit is told by mail, through a real server, in both languages and without a name or a record', async () => {
  await using server = await mailServer()
  await byMail({ url: server.url, ...FROM })(NOTICE)
  const [mail] = server.received
  expect(mail?.to).toEqual(['antimafia@gse.example'])
  const body = (mail?.text ?? '').replaceAll('=\r\n', '')
  for (const part of ['G-7', 'aurora-2026', '2026-06-18', 'https://varco.gse.example/grants/G-7'])
    expect(body).toContain(part)
  expect(body).toContain('To be reviewed by')
})

test('a unit without an address is not written to', async () => {
  await using server = await mailServer()
  await byMail({ url: server.url, ...FROM })({ ...NOTICE, email: null })
  expect(server.received).toEqual([])
})

test('what a title holds cannot add a recipient or a header', async () => {
  await using server = await mailServer()
  const headline = { it: 'x\r\nBcc: spy@evil.example', en: 'y' }
  await byMail({ url: server.url, ...FROM })({ ...NOTICE, headline })
  expect(server.received[0]?.to).toEqual(['antimafia@gse.example'])
  const [headers = ''] = server.received[0]?.text.split('\r\n\r\n') ?? []
  expect(headers).toContain('Subject: ')
  expect(headers).not.toMatch(/^Bcc:/im)
})

test('a mail that is turned away is sent again; telling never waits for it', async () => {
  await using server = await mailServer(2)
  const warnings: string[] = []
  const diagnostics = { ...silentDiagnostics, warn: (message: string) => warnings.push(message) }
  const ways = { mail: byMail({ url: server.url, ...FROM }) }
  await using delivery = openDelivery({ ways, diagnostics, retryAfterMs: [10, 10, 10] })
  delivery.tell(NOTICE)
  expect(server.received).toEqual([])
  await expect.poll(() => server.received.length).toBe(1)
  expect(warnings).toHaveLength(2)
})

test('a server that is not there is given up after the last try, and said so without the notice’s words', async () => {
  const said: unknown[] = []
  const diagnostics = { ...silentDiagnostics, warn: (...all: unknown[]) => said.push(all) }
  const ways = { mail: byMail({ url: 'smtp://127.0.0.1:1', ...FROM }) }
  const delivery = openDelivery({ ways, diagnostics, retryAfterMs: [1] })
  delivery.tell(NOTICE)
  await expect.poll(() => said.length).toBe(2)
  await delivery[Symbol.asyncDispose]()
  expect(JSON.stringify(said)).not.toContain('antimafia@gse.example')
})

test('or told at an address, in JSON, which does not go where it is redirected', async () => {
  const asked: { request: IncomingMessage; body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      asked.push({ request, body })
      response.writeHead(request.url === '/elsewhere' ? 302 : 204, { location: '/notices' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await byWebhook(`http://127.0.0.1:${port}/notices`)(NOTICE)
  expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({
    kind: 'glass-broken',
    grant: 'G-7',
    at: '2026-06-15T10:00:00.000000Z',
  })
  await expect(byWebhook(`http://127.0.0.1:${port}/elsewhere`)(NOTICE)).rejects.toThrow(TypeError)
  expect(asked).toHaveLength(2)
  server.closeAllConnections()
  server.close()
})

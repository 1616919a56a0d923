import { request, type IncomingMessage } from 'node:http'
import { silentDiagnostics } from '@varco/core'
import { serveProxy } from '@varco/proxy'
import { expect, test } from 'vitest'
import { gatehouse, tokenOf } from './gatehouse.ts'

const ONE = '/records/invoice?id=eq.1&select=number,iban'

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

function ask(url: string, headers: readonly string[], method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

async function served(): Promise<
  AsyncDisposable & { readonly url: string; readonly sent: readonly string[] }
> {
  const { app } = await gatehouse()
  const proxy = await serveProxy(app, { host: '127.0.0.1', port: 0, diagnostics: silentDiagnostics })
  const sent = ['host', 'varco', 'authorization', `Bearer ${await tokenOf('anna')}`]
  return {
    url: `${proxy.url}${ONE}`,
    sent: [...sent, 'varco-purpose', 'invoice-enquiry', 'varco-ticket', 'T-1'],
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  }
}

test('over a real connection the answer is what it is without one', async () => {
  await using proxy = await served()
  const { get } = await gatehouse()
  const there = await ask(proxy.url, proxy.sent)
  const here = await get(ONE)
  expect([there.status, there.body]).toEqual([200, await here.text()])
  const expected = Object.fromEntries(here.headers)
  expect(there.headers).toMatchObject({ ...expected, 'content-length': String(there.body.length) })
})

test('HEAD gets the same headers and no body', async () => {
  await using proxy = await served()
  const { status, headers, body } = await ask(proxy.url, proxy.sent, 'HEAD')
  expect([status, body, headers['content-range']]).toEqual([200, '', '0-0/*'])
})

test('two tokens, or two purposes, are none: nobody picks the one that suits', async () => {
  await using proxy = await served()
  const other = `Bearer ${await tokenOf('bruno')}`
  expect((await ask(proxy.url, [...proxy.sent, 'authorization', other])).status).toBe(401)
  expect((await ask(proxy.url, [...proxy.sent, 'varco-purpose', 'antimafia'])).status).toBe(400)
})

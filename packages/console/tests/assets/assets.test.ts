import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openConsole } from '../support/open-console.ts'

const ASSET = /(?:href|src)="(\/assets\/[^"#]+)/g

test('every file a page names is there, kept for ever under its address', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  const names = new Set([...(await visitor.text('/login')).matchAll(ASSET)].map(([, name]) => name ?? ''))
  expect(names.size).toBeGreaterThanOrEqual(6)
  for (const name of names) {
    const file = await visitor.get(name)
    expect([name, file.status]).toEqual([name, 200])
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100)
  }
})

test('the stylesheet finds its fonts', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  const [stylesheet = ''] = [...(await visitor.text('/login')).matchAll(ASSET)]
    .map(([, name]) => name ?? '')
    .filter((name) => name.endsWith('console.css'))
  const fonts = [...(await visitor.text(stylesheet)).matchAll(/url\((\S+\.woff2)\)/g)].map(
    ([, name]) => name ?? '',
  )
  expect(fonts.length).toBe(4)
  for (const font of fonts) {
    const file = await visitor.get(new URL(font, `https://varco.gse.example${stylesheet}`).pathname)
    expect(file.headers.get('content-type')).toBe('font/woff2')
  }
})

test('every icon a page draws is in the sprite', async () => {
  await using console = await openConsole()
  const id = await console.access()
  const visitor = console.visitor()
  await visitor.signIn()
  const used = new Set<string>()
  let sprite = ''
  for (const path of ['/', '/log', '/log?decision=deny', `/log/events/${id}`, '/log/data-subject']) {
    for (const [, file = '', icon = ''] of (await visitor.text(path)).matchAll(
      /href="([^"]+sprites\.svg)#([^"]+)"/g,
    )) {
      sprite = file
      used.add(icon)
    }
  }
  const drawing = await visitor.text(sprite)
  expect(used.size).toBeGreaterThan(5)
  for (const icon of used) expect(drawing).toContain(`id="${icon}"`)
})

test('compressed files say the same as plain ones', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  const [stylesheet = ''] = [...(await visitor.text('/login')).matchAll(ASSET)]
    .map(([, name]) => name ?? '')
    .filter((name) => name.endsWith('bootstrap-italia.css'))
  const bytes = async (encoding: string) => {
    const answer = await visitor.get(stylesheet, { 'accept-encoding': encoding })
    return {
      encoding: answer.headers.get('content-encoding'),
      bytes: Buffer.from(await answer.arrayBuffer()),
    }
  }
  const plain = await bytes('identity')
  const brotli = await bytes('gzip, deflate, br')
  const gzip = await bytes('gzip, br;q=0')
  expect([plain.encoding, brotli.encoding, gzip.encoding]).toEqual([null, 'br', 'gzip'])
  expect(brotliDecompressSync(brotli.bytes)).toEqual(plain.bytes)
  expect(gunzipSync(gzip.bytes)).toEqual(plain.bytes)
  expect(brotli.bytes.length).toBeLessThan(plain.bytes.length / 6)
})

test('another version’s address and files outside the list are not found', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  const [name = ''] = [...(await visitor.text('/login')).matchAll(ASSET)].map(([, found]) => found ?? '')
  const [, , fingerprint = ''] = name.split('/')
  for (const path of [
    `/assets/0000000000000000/console.css`,
    `/assets/${fingerprint}/package.json`,
    `/assets/${fingerprint}/..%2Fpackage.json`,
    `/assets/${fingerprint}/__proto__`,
  ]) {
    expect([path, (await visitor.get(path)).status]).toEqual([path, 404])
  }
})

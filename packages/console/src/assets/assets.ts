import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Handler } from 'hono'

/** One file that pages load; its bytes never change under its address. */
interface Asset {
  readonly type: string
  readonly bytes: Buffer
  /** Made at the first request, then kept. `null` for formats that are compressed already. */
  readonly compressed: { br?: Promise<Buffer>; gzip?: Promise<Buffer> } | null
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.woff2': 'font/woff2',
}

/** Bundled design: https://designers.italia.it (BSD-3-Clause), its fonts (SIL OFL, Apache-2.0). */
const bootstrapItalia = path.join(
  path.dirname(createRequire(import.meta.url).resolve('bootstrap-italia/package.json')),
  'dist',
)
/** RFC 9474 for the browser: https://github.com/cloudflare/blindrsa-ts (Apache-2.0), with SJCL (BSD-2-Clause). */
const blindRsa = path.dirname(createRequire(import.meta.url).resolve('@cloudflare/blindrsa-ts'))
const own = path.join(import.meta.dirname, '..', '..', 'assets')

const fonts = (family: string, file: string): string => path.join(bootstrapItalia, 'fonts', family, file)

const FILES = {
  'bootstrap-italia.css': path.join(bootstrapItalia, 'css', 'bootstrap-italia.min.css'),
  'sprites.svg': path.join(bootstrapItalia, 'svg', 'sprites.svg'),
  'titillium-web-400.woff2': fonts('Titillium_Web', 'titillium-web-v10-latin-ext_latin-regular.woff2'),
  'titillium-web-600.woff2': fonts('Titillium_Web', 'titillium-web-v10-latin-ext_latin-600.woff2'),
  'titillium-web-700.woff2': fonts('Titillium_Web', 'titillium-web-v10-latin-ext_latin-700.woff2'),
  'roboto-mono-400.woff2': fonts('Roboto_Mono', 'roboto-mono-v13-latin-ext_latin-regular.woff2'),
  'console.css': path.join(own, 'console.css'),
  'console.js': path.join(own, 'console.js'),
  'gate.svg': path.join(own, 'gate.svg'),
  'work.js': path.join(own, 'work.js'),
  // As the package has them: they load each other by these names.
  'blindrsa.js': path.join(blindRsa, 'blindrsa.js'),
  'util.js': path.join(blindRsa, 'util.js'),
  'sjcl/index.js': path.join(blindRsa, 'sjcl', 'index.js'),
} as const satisfies Readonly<Record<string, string>>

const files: ReadonlyMap<string, Asset> = new Map(
  Object.entries(FILES).map(([name, file]) => {
    const type = TYPES[path.extname(name)] ?? 'application/octet-stream'
    return [name, { type, bytes: readFileSync(file), compressed: name.endsWith('.woff2') ? null : {} }]
  }),
)

/** All files under one fingerprint, so that a stylesheet may name a font beside it. */
const fingerprint = [...files]
  .reduce((hash, [name, { bytes }]) => hash.update(name).update('\0').update(bytes), createHash('sha256'))
  .digest('hex')
  .slice(0, 16)

export const ASSETS_ROUTE = '/assets/:fingerprint/:name{.+}'

/** Address of a file. @param name one of the names above */
export function assetUrl(name: keyof typeof FILES): string {
  return `/assets/${fingerprint}/${name}`
}

/** Serves the files, to be kept for ever; an address of another version is not found. */
export const serveAsset: Handler = async (c) => {
  const asset = files.get(c.req.param('name') ?? '')
  if (asset === undefined || c.req.param('fingerprint') !== fingerprint) return c.notFound()
  c.header('Content-Type', asset.type)
  c.header('Cache-Control', 'public, max-age=31536000, immutable')
  c.header('Vary', 'Accept-Encoding')
  const encoding = encodingFor(asset, c.req.header('accept-encoding') ?? '')
  if (encoding === null) return c.body(new Uint8Array(asset.bytes))
  c.header('Content-Encoding', encoding)
  return c.body(new Uint8Array(await compressedAs(asset, encoding)))
}

function encodingFor(asset: Asset, accepted: string): 'br' | 'gzip' | null {
  if (asset.compressed === null) return null
  if (/\bbr\b(?!\s*;\s*q=0(\.0*)?\b)/.test(accepted)) return 'br'
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\b)/.test(accepted) ? 'gzip' : null
}

const asBrotli = promisify(brotliCompress)
const asGzip = promisify(gzip)

async function compressedAs(asset: Asset, encoding: 'br' | 'gzip'): Promise<Buffer> {
  const kept = asset.compressed ?? {}
  if (encoding === 'gzip') return (kept.gzip ??= asGzip(asset.bytes))
  return (kept.br ??= asBrotli(asset.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
}

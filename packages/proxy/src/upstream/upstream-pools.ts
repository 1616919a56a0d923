import { UnavailableError } from '@varco/core'
import type { ChangeMethod, Upstream } from '@varco/policy'
import { Pool } from 'undici'
import { decodedBody, encodingOf, ENCODINGS } from './decoded-body.ts'
import { UpstreamError } from './upstream-error.ts'

/** What this installation knows of upstreams that a bundle should not hold. */
export interface UpstreamAccess {
  /** Where it is reached from here, when not at the bundle's address. */
  readonly base?: string
  /** What it is shown as `Authorization`: the gate's own, never a caller's. */
  readonly authorization?: string
}

export interface UpstreamCall {
  readonly method: 'GET' | 'DELETE' | ChangeMethod
  /** With its query, encoded; of the bundle's making. */
  readonly path: string
  readonly body?: string
  /** An entity tag of the upstream's own, which what is changed must still have. */
  readonly ifMatch?: string
  /** Less time than the upstream's own. */
  readonly mostMs?: number
  /** Asks for the record's own bytes: the tag of a compressed form is of that form alone (RFC 9110, section 8.8.3). */
  readonly uncompressed?: boolean
}

/** An answer whose status and headers are here and whose body is not yet. */
export interface UpstreamAnswer {
  readonly status: number
  readonly contentType: string
  /** The upstream's strong entity tag of what is not compressed, for the upstream alone: a caller is shown other bytes. */
  readonly etag: string | null
  /** Throws `UpstreamError` beyond the upstream's bound, `UnavailableError` when it stops. Ending early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>
  discard(): void
}

const CONNECT_MS = 2_000
const CONNECTIONS = 64
const STATUS_OF_REDIRECTS = /^3/

/** Connections to the upstreams, kept open between requests, by address. */
export class UpstreamPools implements AsyncDisposable {
  readonly #access: Readonly<Record<string, UpstreamAccess>>
  readonly #pools = new Map<string, Pool>()

  constructor(access: Readonly<Record<string, UpstreamAccess>> = {}) {
    this.#access = access
  }

  /**
   * Calls an upstream: never another host than its own, no redirect followed, nothing of the caller's headers.
   * @throws UnavailableError when it does not answer in time
   * @throws UpstreamError when it answers what may not be passed on, whatever it holds
   */
  async call(
    upstream: Upstream,
    { method, path, body, ifMatch, mostMs = Infinity, uncompressed = false }: UpstreamCall,
  ): Promise<UpstreamAnswer> {
    const { document, name } = upstream
    const access = Object.hasOwn(this.#access, name) ? this.#access[name] : undefined
    const base = new URL(access?.base ?? document.base)
    const timeout = Math.min(document.timeout_seconds * 1_000, mostMs)
    const late = AbortSignal.timeout(timeout)
    try {
      const answer = await this.#pool(base.origin).request({
        method,
        path: `${base.pathname.replace(/\/$/, '')}${path}`,
        headers: {
          ...{ accept: 'application/json', 'user-agent': 'varco' },
          'accept-encoding': uncompressed ? 'identity' : ENCODINGS.join(', '),
          ...(access?.authorization === undefined ? {} : { authorization: access.authorization }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        },
        ...(body === undefined ? {} : { body }),
        ...{ signal: late, headersTimeout: timeout, bodyTimeout: timeout },
      })
      const discard = (): void => {
        answer.body.on('error', () => {})
        answer.body.destroy()
      }
      const encoding = encodingOf(answer.headers['content-encoding'])
      const fault = faultOf(answer.statusCode, answer.headers, document.max_bytes)
      if (fault !== null || encoding === null) {
        discard()
        throw fault ?? new UpstreamError('encoding')
      }
      return {
        status: answer.statusCode,
        contentType: mediaType(answer.headers['content-type']),
        etag: encoding === 'identity' ? strongTag(answer.headers['etag']) : null,
        body: decodedBody(answer.body, encoding, document.max_bytes),
        discard,
      }
    } catch (cause) {
      if (cause instanceof UpstreamError) throw cause
      throw new UnavailableError('upstream', { cause })
    }
  }

  #pool(origin: string): Pool {
    const known = this.#pools.get(origin)
    if (known !== undefined) return known
    const pool = new Pool(origin, {
      connections: CONNECTIONS,
      connect: { timeout: CONNECT_MS },
      pipelining: 1,
    })
    this.#pools.set(origin, pool)
    return pool
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()))
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

function faultOf(status: number, headers: Headers, most: number): UpstreamError | null {
  if (STATUS_OF_REDIRECTS.test(String(status))) return new UpstreamError('redirect')
  const length = headers['content-length']
  return typeof length === 'string' && Number(length) > most ? new UpstreamError('too-large') : null
}

/** Without parameters; empty for one that was given several times. JSON is UTF-8 (RFC 8259), whatever else is said. */
function mediaType(header: string | string[] | undefined): string {
  return typeof header === 'string' && !header.includes(',')
    ? (header.split(';')[0] ?? '').trim().toLowerCase()
    : ''
}

/** RFC 9110, section 8.8.3; `null` for a weak one, which `If-Match` never holds for. */
function strongTag(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && /^"[\x21\x23-\x7e]*"$/.test(header) ? header : null
}

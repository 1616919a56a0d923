import { setTimeout as sleep } from 'node:timers/promises'
import type { Observed, PlannedRequest } from './planned-request.ts'

const TIMEOUT_MS = 30_000
/** How often an operator's software does as it is told and comes again, and for how long it would wait each time. */
const COMES_AGAIN = 3
const WAITS_AT_MOST_MS = 5_000

/**
 * Sends one request of the day to the proxy and notes what came back; never throws. A 503 that says when to come again (RFC 9110,
 * Retry-After) is obeyed, as any client would.
 */
export async function sendRequest(
  proxyUrl: string,
  planned: PlannedRequest,
  token: string | null,
): Promise<Observed> {
  const url = new URL(`/records/${planned.resource}`, proxyUrl)
  for (const [name, value] of Object.entries(planned.query)) url.searchParams.set(name, value)
  const headers = { ...planned.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) }
  const started = performance.now()
  let putOff = 0
  try {
    let response = await ask(url, headers)
    for (; putOff < COMES_AGAIN; putOff += 1) {
      const wait = waitAskedFor(response)
      if (wait === null) break
      await response.arrayBuffer()
      await sleep(wait)
      response = await ask(url, headers)
    }
    const body: unknown = await response.json().catch(() => null)
    const records = Array.isArray(body) ? (body as readonly object[]) : []
    return {
      status: response.status,
      code: codeOf(body),
      event: response.headers.get('varco-event'),
      masked: listOf(response.headers.get('varco-masked')),
      fields: [...new Set(records.flatMap((record) => Object.keys(record)))],
      records: records.length,
      putOff,
      milliseconds: performance.now() - started,
    }
  } catch (error) {
    const code = error instanceof Error ? error.name : 'unknown'
    return {
      status: 0,
      code,
      event: null,
      masked: [],
      fields: [],
      records: 0,
      putOff,
      milliseconds: performance.now() - started,
    }
  }
}

async function ask(url: URL, headers: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) })
}

/** Milliseconds; `null`: this answer stands. */
function waitAskedFor({ status, headers }: Response): number | null {
  const seconds = headers.get('retry-after')
  if (status !== 503 || seconds === null || !/^\d{1,4}$/.test(seconds)) return null
  const wait = Number(seconds) * 1_000
  return wait > WAITS_AT_MOST_MS ? null : wait
}

function codeOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('code' in body)) return null
  return typeof body.code === 'string' ? body.code : null
}

function listOf(header: string | null): readonly string[] {
  return (header ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
}

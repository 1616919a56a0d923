import type { Observed, PlannedRequest } from './planned-request.ts'

const TIMEOUT_MS = 30_000

/** Sends one request of the day to the proxy and notes what came back; never throws. */
export async function sendRequest(
  proxyUrl: string,
  planned: PlannedRequest,
  token: string | null,
): Promise<Observed> {
  const url = new URL(`/records/${planned.resource}`, proxyUrl)
  for (const [name, value] of Object.entries(planned.query)) url.searchParams.set(name, value)
  const started = performance.now()
  try {
    const response = await fetch(url, {
      headers: { ...planned.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const body: unknown = await response.json().catch(() => null)
    const records = Array.isArray(body) ? (body as readonly object[]) : []
    return {
      status: response.status,
      code: codeOf(body),
      event: response.headers.get('varco-event'),
      masked: listOf(response.headers.get('varco-masked')),
      fields: [...new Set(records.flatMap((record) => Object.keys(record)))],
      records: records.length,
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
      milliseconds: performance.now() - started,
    }
  }
}

function codeOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('code' in body)) return null
  return typeof body.code === 'string' ? body.code : null
}

function listOf(header: string | null): readonly string[] {
  return (header ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
}

import { VarcoError } from '@varco/core'
import * as z from 'zod'

/** The proxy refused, or did not answer as a proxy does. */
export class WorkServerError extends VarcoError {
  readonly code = 'work-server'
  readonly refusal: string | null

  constructor(message: string, refusal: string | null = null, options?: ErrorOptions) {
    super(message, options)
    this.refusal = refusal
  }
}

const problemSchema = z.looseObject({ code: z.string(), message: z.string() })
const TRIES = 3

/**
 * Asks the proxy. What was lost on the way is sent again: the proxy answers the same question in the same way.
 * @throws WorkServerError
 */
export async function askWorkServer<T>(
  url: URL,
  schema: z.ZodType<T>,
  { bearer, body }: { readonly bearer?: string; readonly body?: object } = {},
): Promise<T> {
  const headers = {
    accept: 'application/json',
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const response = await sent(url, {
    headers,
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
  const answered: unknown = await response.json().catch(() => null)
  if (!response.ok) {
    const problem = problemSchema.safeParse(answered)
    if (problem.success) throw new WorkServerError(problem.data.message, problem.data.code)
    throw new WorkServerError(`the proxy answered ${response.status}`)
  }
  const parsed = schema.safeParse(answered)
  if (!parsed.success) throw new WorkServerError('the answer is not that of a proxy of this version')
  return parsed.data
}

async function sent(url: URL, init: RequestInit, tries = TRIES): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'error' })
  } catch (cause) {
    if (tries > 1) return sent(url, init, tries - 1)
    throw new WorkServerError('the proxy cannot be reached', null, { cause })
  }
}

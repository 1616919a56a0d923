import type * as z from 'zod'
import { refusal } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'

/** Whatever these faces are told fits into this. */
const MOST_BYTES = 64 * 1024

/**
 * The JSON body of a request, checked. What is wrong with it is not told field by field: names and values are the
 * caller's, and the log would keep them.
 */
export async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<T | Refusal> {
  try {
    const text = await textOf(request)
    if (text === null) return refusal('body-too-large')
    const parsed = schema.safeParse(text === '' ? {} : JSON.parse(text))
    return parsed.success ? parsed.data : refusal('invalid-body')
  } catch {
    return refusal('invalid-body')
  }
}

/** `null` as soon as there is more than fits, whatever the sender said its length was. */
async function textOf({ body }: Request): Promise<string | null> {
  if (body === null) return ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > MOST_BYTES) return null
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

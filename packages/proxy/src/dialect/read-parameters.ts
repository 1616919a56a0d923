import { QueryError } from './query.ts'

export interface Parameter {
  readonly name: string
  readonly value: string
}

const MAX_PARAMETERS = 100

/**
 * The query string's parameters, in order. Stricter than browsers: what is not UTF-8 is refused rather than replaced.
 * @throws QueryError
 */
export function readParameters(query: string): readonly Parameter[] {
  const parts = query.split('&').filter((part) => part !== '')
  if (parts.length > MAX_PARAMETERS) throw new QueryError('invalid-query', TOO_MANY)
  return parts.map((part) => {
    const end = part.indexOf('=')
    return end < 0
      ? { name: decode(part), value: '' }
      : { name: decode(part.slice(0, end)), value: decode(part.slice(end + 1)) }
  })
}

function decode(text: string): string {
  if (!ENCODED.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new QueryError('invalid-query', NOT_UTF8)
  }
}

const ENCODED = /[%+]/

const TOO_MANY = {
  it: `Al massimo ${MAX_PARAMETERS} parametri.`,
  en: `At most ${MAX_PARAMETERS} parameters.`,
}
const NOT_UTF8 = {
  it: 'I parametri devono essere UTF-8 con codifica percentuale.',
  en: 'Parameters must be percent-encoded UTF-8.',
}

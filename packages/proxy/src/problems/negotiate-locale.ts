import { LOCALES, type Locale } from '@varco/core'

/** The caller's language among those we speak (RFC 9110, Accept-Language); ours when they name none of them. */
export function negotiateLocale(header: string | undefined, fallback: Locale): Locale {
  if (header === undefined) return fallback
  let best: { readonly locale: Locale; readonly weight: number } | null = null
  for (const part of header.split(',')) {
    const match = RANGE.exec(part.trim())
    const locale = LOCALES.find((each) => each === match?.[1]?.toLowerCase())
    const weight = Number(match?.[2] ?? 1)
    if (locale !== undefined && weight > (best?.weight ?? 0)) best = { locale, weight }
  }
  return best?.locale ?? fallback
}

/** No two runs of blanks beside one another: whoever is nobody yet would keep the process busy with one long header. */
const RANGE = /^([a-zA-Z]{2})(?:-[a-zA-Z0-9-]*)?(?:\s*;\s*q=([01](?:\.\d{0,3})?))?$/

import { LOCALES, type Locale } from '@varco/core'

/** The caller's language among those we speak (RFC 9110, Accept-Language); ours when they name none of them. */
export function negotiateLocale(header: string | undefined, fallback: Locale): Locale {
  if (header === undefined) return fallback
  let best: { readonly locale: Locale; readonly weight: number } | null = null
  for (const part of header.split(',')) {
    const match = /^\s*([a-zA-Z]{2})(?:-[a-zA-Z0-9-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$/.exec(part)
    const locale = LOCALES.find((each) => each === match?.[1]?.toLowerCase())
    const weight = Number(match?.[2] ?? 1)
    if (locale !== undefined && weight > (best?.weight ?? 0)) best = { locale, weight }
  }
  return best?.locale ?? fallback
}

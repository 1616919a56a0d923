import { LOCALES, type Locale } from '@varco/core'

/** The language a browser asks for (RFC 9110 section 12.5.4), among those the console speaks. */
export function languageFrom(acceptLanguage: string | undefined, fallback: Locale): Locale {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const quality = parameters.map((p) => /^\s*q=([\d.]+)$/.exec(p)?.[1]).find((q) => q !== undefined)
      return { language: tag.split('-')[0] ?? '', quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  return wanted.map(({ language }) => asLocale(language)).find((locale) => locale !== null) ?? fallback
}

export function asLocale(text: string | undefined): Locale | null {
  return LOCALES.find((locale) => locale === text) ?? null
}

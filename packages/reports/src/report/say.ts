import type { Locale, Localized } from '@varco/core'

/** Chooses the report's language: both texts stand side by side in the source, so neither is forgotten. */
export interface Say {
  readonly locale: Locale
  (it: string, en: string): string
  /** A text of the bundle. */
  of(text: Localized): string
  /** `1 accesso`, `2 accessi`, `1.200 accessi`. */
  count(
    n: number,
    it: readonly [one: string, other: string],
    en: readonly [one: string, other: string],
  ): string
}

export function sayIn(locale: Locale): Say {
  const plural = new Intl.PluralRules(locale)
  const number = new Intl.NumberFormat(locale, { useGrouping: 'always' })
  const say = (it: string, en: string): string => (locale === 'it' ? it : en)
  return Object.assign(say, {
    locale,
    of: (text: Localized) => text[locale],
    count: (n: number, it: readonly [string, string], en: readonly [string, string]) => {
      const [one, other] = locale === 'it' ? it : en
      // A no-break space: the number stays with what it counts.
      return `${number.format(n)}\u00a0${plural.select(n) === 'one' ? one : other}`
    },
  })
}

import * as z from 'zod'

export const LOCALES = ['it', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** A text for people, in Italian and English. */
export const localizedSchema = z.strictObject({ it: z.string().min(1), en: z.string().min(1) })
export type Localized = z.infer<typeof localizedSchema>

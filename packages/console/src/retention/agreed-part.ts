import type { Locale } from '@varco/core'
import { readAgreedList, type AgreedRecord } from '@varco/retention'
import * as z from 'zod'
import { authorityText } from './authority-text.ts'

/** Of a longer list the command takes care: the page that asks a second time carries it along. */
const LARGEST_LIST = 4 * 1024 * 1024
/** The list as the page that asks a second time carries it, and what the browser adds to it. */
export const LARGEST_LETTER = 16 * 1024 * 1024

/** Keys by rule. */
const carriedSchema = z.record(z.string(), z.array(z.string()))

export type AgreedPart =
  | { readonly ok: true; readonly records: readonly AgreedRecord[]; readonly carried: string }
  | { readonly ok: false; readonly problem: string }

/** Reads the list an authority agreed to: from the file, or as the page that asks a second time carried it. */
export async function readAgreedPart(sent: unknown, carried: unknown, locale: Locale): Promise<AgreedPart> {
  const { problems } = authorityText[locale]
  const records = typeof carried === 'string' ? recordsIn(carried) : await recordsOfFile(sent, locale)
  if (records === null) return { ok: false, problem: problems.file }
  if (typeof records === 'string') return { ok: false, problem: records }
  if (records.length === 0) return { ok: false, problem: problems.none }
  return { ok: true, records, carried: carry(records) }
}

/** A text says what is wrong with it. */
async function recordsOfFile(sent: unknown, locale: Locale): Promise<readonly AgreedRecord[] | string> {
  const { problems, faults } = authorityText[locale]
  if (!(sent instanceof File) || sent.size === 0) return problems.file
  if (sent.size > LARGEST_LIST) return problems.large
  const list = readAgreedList(new Uint8Array(await sent.arrayBuffer()))
  return list.ok ? list.records : problems.table(list.line, faults[list.fault])
}

function carry(records: readonly AgreedRecord[]): string {
  const byRule = Map.groupBy(records, ({ rule }) => rule)
  return JSON.stringify(Object.fromEntries([...byRule].map(([rule, of]) => [rule, of.map(({ key }) => key)])))
}

function recordsIn(carried: string): readonly AgreedRecord[] | null {
  try {
    const read = carriedSchema.safeParse(JSON.parse(carried))
    if (!read.success) return null
    return Object.entries(read.data).flatMap(([rule, keys]) => keys.map((key) => ({ rule, key })))
  } catch {
    return null
  }
}

import type { DataSubjectRef } from '@varco/core'
import * as z from 'zod'
import { seal, unseal } from '../session/sealed.ts'
import type { LiveSession } from '../session/sessions.ts'

/** Finds the person an identifier is of; a port, for only the body's records know. */
export interface DataSubjectFinder {
  /**
   * @param by the kind of data subject, the field the bundle lets one find it by, and the value, exactly
   * @returns `null` when nobody is found, or more than one
   * @throws UnavailableError when the records cannot be reached
   */
  find(by: {
    readonly kind: string
    readonly field: string
    readonly value: string
  }): Promise<DataSubjectRef | null>
}

/**
 * A search of the log by data subject, under way. It travels in the address of the pages sealed with the
 * session's secret: no identifier ends up in the browser's history or in a server's log, and the address is
 * worth nothing to anybody else, nor after the session.
 */
const subjectSearchSchema = z.strictObject({
  kind: z.string(),
  id: z.string(),
  /** Enough for the reader to recognise whom they typed: the last characters of it. */
  hint: z.string(),
  /** The case the search is for. */
  case: z.string(),
})
export type SubjectSearch = z.infer<typeof subjectSearchSchema>

const USE = 'data subject search'

export function sealSubjectSearch(search: SubjectSearch, session: LiveSession): string {
  return seal(search, session.secret, USE)
}

/** `null` for what this session did not seal. */
export function openSubjectSearch(sealed: string, session: LiveSession): SubjectSearch | null {
  const search = subjectSearchSchema.safeParse(unseal(sealed, session.secret, USE))
  return search.success ? search.data : null
}

/** Reference of a case: never free text, where an identifier could slip into the log for ever. */
export const caseReferenceSchema = z.string().regex(/^[A-Z]{2,10}[-/]\d{4}[-/]\d{1,7}$/)

export const subjectFormSchema = z.object({
  by: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}:[a-z_][a-z0-9_]{0,62}$/),
  identifier: z.string().trim().min(1).max(128),
  case: z
    .string()
    .trim()
    .transform((text) => text.toUpperCase())
    .pipe(caseReferenceSchema),
})

/** `RSSMRA80A01H501U` is recognisable as `…501U`. */
export function hintOf(identifier: string): string {
  return identifier.length <= 4 ? '…' : `…${identifier.slice(-4)}`
}

import { ACTIONS } from '@varco/policy'
import * as z from 'zod'
import type { FieldProblem } from '../act/act-note.tsx'
import type { SentForm } from '../act/confirmed.ts'
import type { Visit } from '../visit/visit.ts'
import type { TypedRequest } from './ask-page.tsx'
import { grantsText } from './text.ts'

const minutesSchema = z
  .string()
  .trim()
  .regex(/^\d{1,4}$/)
  .transform(Number)
  .pipe(z.int().positive())

export const approvalFormSchema = z.object({ minutes: minutesSchema })

export const reviewFormSchema = z.object({
  outcome: z.enum(['justified', 'unjustified']),
  note: z.string().trim().min(10).max(2_000),
})

export const askFormSchema = z
  .object({
    resource: z.string().min(1).max(64),
    action: z.enum(ACTIONS),
    purpose: z.string().min(1).max(128),
    ticket: z.string().trim().min(1).max(128),
    matter: z.enum(['record', 'person']),
    record: z.string().trim().max(256),
    minutes: minutesSchema,
    reason: z.string().trim().min(10).max(2_000),
    how: z.enum(['ask', 'emergency']),
  })
  .refine(({ matter, record }) => matter === 'person' || record !== '', { path: ['record'] })

export function typedRequest(sent: SentForm): TypedRequest {
  const { resource = '', action = 'read', purpose = '', ticket = '', minutes = '', reason = '' } = sent
  const { matter = 'record', record = '', how = 'ask' } = sent
  return { resource, action, purpose, ticket, matter, record, minutes, reason, how }
}

/** What is wrong with a form, in words, once for each field. */
export function problemsIn({ locale }: Visit, { issues }: z.core.$ZodError): readonly FieldProblem[] {
  const texts: Readonly<Record<string, string>> = grantsText[locale].problems
  const fields = [...new Set(issues.map(({ path }) => String(path[0])))]
  return fields.flatMap((field) => {
    const text = texts[field]
    return text === undefined ? [] : [{ field, text }]
  })
}

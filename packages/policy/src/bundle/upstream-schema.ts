import { localizedSchema } from '@varco/core'
import * as z from 'zod'

/** upstreams/*.yaml: an existing JSON API behind the gate, one a file. A route that is not here is refused. */

const parameterSchema = z.string().regex(/^[A-Za-z_][\w.-]{0,63}$/, 'must be a parameter’s name')
const fieldSchema = z.string().regex(/^(?!__)[a-z_][a-z0-9_]{0,62}$/, 'must be a field’s name')
const resourceSchema = fieldSchema
/** Segments that are literal, or `{field}`: its value, which counts as a filter on that field. */
const pathSchema = z
  .string()
  .regex(
    /^\/(?:[\w.~-]+|\{[a-z_][a-z0-9_]*\})(?:\/(?:[\w.~-]+|\{[a-z_][a-z0-9_]*\}))*$/,
    'must be a path such as /invoices/{invoice_id}',
  )
  .refine((path) => !path.split('/').some((step) => /^\.+$/.test(step)), 'must not hold . or ..')
/** JSON key to field. A key that is not here is hidden, or refused when it is sent. */
const keysSchema = z.record(z.string().min(1), fieldSchema)

const answerSchema = z.strictObject({
  /** JSON pointer (RFC 6901) to a record or a list of records; empty: the whole answer. */
  at: z
    .string()
    .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, 'must be a JSON pointer such as /data')
    .default(''),
  resource: resourceSchema,
  /** Absent: keys are named as the resource's fields. */
  keys: keysSchema.optional(),
})

const readSchema = z.strictObject({
  method: z.literal('GET'),
  path: pathSchema,
  /** Parameter to the field on which the upstream filters by it, for equality. */
  query: z.record(parameterSchema, fieldSchema).default({}),
  /** Parameters that only say which page, whole numbers. */
  paging: z.array(parameterSchema).default([]),
  /** Few enough to be told apart by a person. */
  answer: z.array(answerSchema).min(1).max(50),
})

const changeSchema = z.strictObject({
  /**
   * What the upstream is sent: `PATCH` and `POST` only what changes, `PUT` the whole record as it was read there, with what
   * changes in its place.
   */
  method: z.enum(['PATCH', 'PUT', 'POST']),
  path: pathSchema,
  /** What the body changes; the record itself is read first, by GET. */
  change: z.strictObject({
    resource: resourceSchema,
    keys: keysSchema.optional(),
    /** Where it is read, with fields of the route’s path; absent: at the route’s path itself. */
    record: pathSchema.optional(),
  }),
})

const publicSchema = z.strictObject({
  method: z.literal('GET'),
  path: pathSchema.refine(
    (path) => !path.includes('{'),
    'must hold no parameter: it is the same for everybody',
  ),
  /** The media types it answers with. */
  public: z.array(z.string().regex(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/, 'must be a media type')).min(1),
  /** Why there are no personal data in it. */
  because: z.string().min(10, 'must say why there are no personal data in it'),
})

export const upstreamFileSchema = z.strictObject({
  upstream: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and dashes'),
  title: localizedSchema,
  /** Where it is reached: fixed, whatever anybody sends. */
  base: z
    .url({ protocol: /^https?$/ })
    .refine((text) => isBase(text), 'must be an address without user, query, fragment or line ends'),
  /** An answer that is longer is not passed on. */
  max_bytes: z.int().positive().max(1_073_741_824).default(33_554_432),
  /** An answer that takes longer is not passed on. */
  timeout_seconds: z.int().positive().max(600).default(30),
  routes: z.array(z.union([readSchema, changeSchema, publicSchema])).min(1),
})

export type UpstreamDocument = z.infer<typeof upstreamFileSchema>

function isBase(text: string): boolean {
  if (!URL.canParse(text) || /[\s\p{Cc}]/u.test(text)) return false
  const { username, password, search, hash } = new URL(text)
  return [username, password, search, hash].every((part) => part === '')
}

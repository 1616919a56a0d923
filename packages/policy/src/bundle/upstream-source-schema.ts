import * as z from 'zod'

/** The one part of the path that is not fixed: the key of the record that goes. */
export const KEY_STEP = '{key}'

const removalPathSchema = z
  .string()
  .regex(/^(?:\/(?:[\w.~-]+|\{[a-z_][a-z0-9_]*\}))+$/, 'must be a path such as /attachments/{key}')
  .refine((path) => !path.split('/').some((step) => /^\.+$/.test(step)), 'must not hold . or ..')
  .refine(
    (path) =>
      path
        .split('/')
        .filter((step) => step.startsWith('{'))
        .join() === KEY_STEP,
    `must hold ${KEY_STEP} once, and nothing else in braces`,
  )

/** Records that an upstream has and the database has not. */
export const upstreamSourceSchema = z.strictObject({
  /** A name of upstreams/*.yaml. */
  upstream: z.string().min(1),
  /** How retention takes one of them away, with the record of the database that it hangs on. Absent: it cannot. */
  delete: z.strictObject({ method: z.enum(['DELETE', 'POST']), path: removalPathSchema }).optional(),
})

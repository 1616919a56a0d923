import { asId, isId, type ContractId } from '@varco/core'
import {
  declareWork,
  isMonth,
  openWorkMonth,
  workKeyDigest,
  type WorkDesk,
  type WorkToken,
} from '@varco/engagement'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import { badFormPage } from '../errors/refusals.tsx'
import { sentForm } from '../act/confirmed.ts'
import { asHtml } from '../layout/document.tsx'
import type { ConsoleEnv } from '../visit/visit.ts'
import { DeclarePage, HOURS_FIELD } from './declare-page.tsx'
import { workText } from './text.ts'

export interface DeclareRoutesDeps {
  readonly work: WorkDesk
}

const bytesSchema = z
  .base64url()
  .max(1_024)
  .transform((text) => Buffer.from(text, 'base64url'))
const tokenSchema = z.strictObject({
  format: z.literal('varco/work-token'),
  contract: z
    .string()
    .refine(isId)
    .transform((id) => asId<ContractId>(id)),
  month: z.string().refine(isMonth),
  message: bytesSchema,
  signature: bytesSchema,
})

/**
 * What is for everybody, known or not: the months' keys, and the form that takes declarations in. Whoever is signed in
 * cannot use it. Nothing of it is in the log; it needs no session's token, for it changes nothing of a session's.
 */
export function declareRoutes({ work }: DeclareRoutesDeps): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>()
    .get('/work', (c) => {
      const { visit } = c.var
      const done = visit.url.searchParams.has('done')
      const result = done ? ({ kind: 'done', text: workText[visit.locale].done } as const) : null
      return c.html(asHtml(<DeclarePage visit={visit} result={result} />))
    })

    .get('/work/key/:contract/:month', async (c) => {
      const { contract, month } = c.req.param()
      const found =
        isId(contract) && isMonth(month)
          ? await openWorkMonth(work, c.var.visit, { contract: asId<ContractId>(contract), month })
          : null
      if (found === null)
        return c.json({ message: c.var.visit.locale === 'it' ? 'nessuna chiave' : 'no key' }, 404)
      return c.json({
        public_key: found.publicKey.toString('base64url'),
        digest: workKeyDigest(found.publicKey),
        event: found.announced,
      })
    })

    .post(
      '/work',
      bodyLimit({ maxSize: 16 * 1024, onError: (c) => c.html(badFormPage(c.get('visit')), 403) }),
      async (c) => {
        const { visit } = c.var
        const form = sentForm(await c.req.parseBody())
        const refused = (field: string, text: string): Response | Promise<Response> =>
          c.html(
            asHtml(
              <DeclarePage
                visit={visit}
                result={{ kind: 'incomplete', problems: [{ field, text }] }}
                typed={form}
              />,
            ),
            400,
          )
        if (visit.viewer !== null) return c.html(asHtml(<DeclarePage visit={visit} result={null} />), 409)
        const token = tokenOf(form['token'] ?? '')
        if (token === null) return refused('token', workText[visit.locale].noToken)
        const outcome = await declareWork(work, visit, { token, hours: hoursOf(form) })
        if (outcome.ok) return c.redirect('/work?done=yes', 303)
        return refused('token', outcome.text[visit.locale])
      },
    )
}

function tokenOf(text: string): WorkToken | null {
  try {
    const { format: _, ...token } = tokenSchema.parse(JSON.parse(text))
    return token
  } catch {
    return null
  }
}

/** What is not a number of hours stays none, and the declaration is refused for it. */
function hoursOf(form: Readonly<Record<string, string>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) =>
      name.startsWith(HOURS_FIELD) && value !== '' ? [[name.slice(HOURS_FIELD.length), Number(value)]] : [],
    ),
  )
}

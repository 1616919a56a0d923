import type { Context } from 'hono'
import { setCookie } from 'hono/cookie'
import { hostOnly } from '../session/sessions.ts'

const A_YEAR = 365 * 24 * 3600

/** Keeps what a person chose for all pages in their browser; no script there can change it. */
export function rememberChoice(c: Context, cookie: string, choice: string, secure: boolean): void {
  setCookie(c, cookie, choice, {
    path: '/',
    maxAge: A_YEAR,
    httpOnly: true,
    sameSite: 'Lax',
    ...hostOnly(secure),
  })
}

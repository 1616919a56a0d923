import type { Hono } from 'hono'
import type { ConsoleEnv } from '../../src/visit/visit.ts'

/** A browser without a window: keeps cookies, follows nothing unless told. */
export class Visitor {
  readonly cookies = new Map<string, string>()
  readonly #app: Hono<ConsoleEnv>
  readonly #origin: string
  readonly #headers: Record<string, string>

  constructor(app: Hono<ConsoleEnv>, origin: string, headers: Record<string, string> = {}) {
    this.#app = app
    this.#origin = origin
    this.#headers = headers
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send(path, { headers })
  }

  async text(path: string): Promise<string> {
    return (await this.get(path)).text()
  }

  async post(
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.#send(path, { method: 'POST', body: new URLSearchParams(form), headers })
  }

  /** A form with files. */
  async send(path: string, form: Record<string, string | File>): Promise<Response> {
    const body = new FormData()
    for (const [name, value] of Object.entries(form)) body.set(name, value)
    return this.#send(path, { method: 'POST', body })
  }

  /** The token in the forms of a page. */
  async csrf(path = '/'): Promise<string> {
    return /name="csrf" value="([^"]+)"/.exec(await this.text(path))?.[1] ?? ''
  }

  /** Through the identity provider and back, as a browser does. */
  async signIn(to = '/', company?: string): Promise<Response> {
    const chosen = company === undefined ? '' : `&with=${encodeURIComponent(company)}`
    const start = await this.get(`/login/start?to=${encodeURIComponent(to)}${chosen}`)
    const atProvider = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' })
    const back = new URL(atProvider.headers.get('location') ?? '')
    return this.get(back.pathname + back.search)
  }

  /** Proves anew who it is, as a browser is led to. */
  async proveAgain(to = '/'): Promise<Response> {
    const start = await this.get(`/login/again/start?to=${encodeURIComponent(to)}`)
    const atProvider = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' })
    const back = new URL(atProvider.headers.get('location') ?? '')
    return this.get(back.pathname + back.search)
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await this.#app.request(new URL(path, this.#origin).href, {
      ...init,
      headers: {
        ...this.#headers,
        ...(cookie === '' ? {} : { cookie }),
        ...(init.headers as Record<string, string>),
      },
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ')
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      if (attributes.includes('Max-Age=0')) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return response
  }
}

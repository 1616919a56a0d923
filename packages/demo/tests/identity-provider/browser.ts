/** A page as a browser without scripts sees it. */
export interface OpenPage {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Where it would have gone, when that is not the server it started at. */
  readonly leftFor: URL | null
}

interface Cookie {
  readonly value: string
  readonly path: string
}

/** Follows redirects on one origin and keeps cookies by path, as browsers do. */
export class Browser {
  readonly #cookies = new Map<string, Cookie>()

  async open(url: string, init: RequestInit = {}): Promise<OpenPage> {
    const origin = new URL(url).origin
    let next = new URL(url)
    for (let hop = 0; hop < 10; hop++) {
      const response = await fetch(next, {
        ...(hop === 0 ? init : {}),
        redirect: 'manual',
        headers: { accept: 'text/html', cookie: this.#header(next) },
      })
      this.#keep(response)
      const location = response.headers.get('location')
      const text = await response.text()
      const page = { url: next.href, status: response.status, headers: response.headers, text, leftFor: null }
      if (location === null) return page
      next = new URL(location, next)
      if (next.origin !== origin) return { ...page, leftFor: next }
    }
    throw new Error('too many redirects')
  }

  /** Submits the page's form with these values and its hidden ones. */
  async submit(page: OpenPage, values: Readonly<Record<string, string>>): Promise<OpenPage> {
    const action = /<form\b[^>]*\bmethod="post"[^>]*\baction="([^"]+)"/.exec(page.text)?.[1]
    if (action === undefined) throw new Error(`no form on the page: ${page.status}`)
    const url = new URL(action.replaceAll('&#38;', '&'), page.url)
    const hidden = page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)
    const body = new URLSearchParams({
      ...Object.fromEntries([...hidden].map(([, name, value]) => [name, value])),
      ...values,
    })
    return this.open(url.href, { method: 'POST', body })
  }

  #header(url: URL): string {
    return [...this.#cookies]
      .filter(([, cookie]) => url.pathname.startsWith(cookie.path))
      .map(([key, cookie]) => `${key.split(' ')[0]}=${cookie.value}`)
      .join('; ')
  }

  #keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      const path = /;\s*path=([^;]+)/i.exec(line)?.[1] ?? '/'
      const gone = value === '' || /expires=Thu, 01 Jan 1970/i.test(line)
      if (gone) this.#cookies.delete(`${name} ${path}`)
      else this.#cookies.set(`${name} ${path}`, { value, path })
    }
  }
}

import { formsIn, type FieldOnPage, type FormOnPage } from '../../packages/console/tests/support/forms-in.ts'
import type { Route } from '../../packages/console/tests/support/routes-of.ts'
import type { Visitor } from '../../packages/console/tests/support/visitor.ts'

/** An answer to somebody who goes everywhere and sends every form. */
export interface Answer {
  readonly method: string
  /** As the router has it. */
  readonly pattern: string
  /** For whoever looks for it again. */
  readonly name: string
  readonly status: number
  /** `null`: it is no page. */
  readonly page: string | null
}

/** How a form is filled in: not at all; with the first or last of what can be chosen, and all else as long as it may be. */
const WAYS = ['bare', 'first', 'last'] as const
type Way = (typeof WAYS)[number]

interface Ask {
  readonly method: 'get' | 'post'
  /** With its query. */
  readonly path: string
  readonly form: Readonly<Record<string, string | File>>
  readonly way: string
}

/** What a field must look like to be taken. */
const TAKEN: Readonly<Record<string, string>> = {
  ...{ case: 'RPD-2026-14', identifier: 'RSSMRA80A01H501U', minutes: '15', text: 'era la mia pratica' },
  ...{ document: 'ab'.repeat(32), answer: 'ab'.repeat(32), until: '2027-06-30', review: '2027-06-30' },
  ...{ month: '2026-10', aware: '2026-11-24T08:30', record: '7', key: '7', reference: 'prot. 7/2026' },
  ...{ id: 'regola-nuova', after: 'P10Y' },
}
const A_DAY = '2026-11-20'
const LONG = 'parola-lunghissima-senza-spazi-'.repeat(12)
/** Many of one kind are as one of them. */
const MOST_OF_A_KIND = 5
/** What ends the visit, or changes how it goes on. */
const LEFT_ALONE = /^\/(?:assets|language|time-zone\/set|logout|login\/(?:start|callback|again\/start))/

/**
 * Goes to every address it is given and to every one that a page leads to, sends each form it finds in each way, says yes where
 * it is asked a second time, and goes on from there.
 */
export async function* everyAnswer(
  visitor: Visitor,
  routes: readonly Route[],
  addresses: readonly string[],
): AsyncGenerator<Answer> {
  const patternOf = patternsOf(routes)
  const asked = new Map<string, Set<string>>()
  const asks: Ask[] = []
  const add = (ask: Ask): void => {
    const pattern = patternOf(ask.method, ask.path)
    if (pattern === null || LEFT_ALONE.test(ask.path)) return
    const of = `${ask.method} ${pattern} ${ask.way}`
    const same = asked.get(of) ?? new Set()
    asked.set(of, same)
    if (same.has(ask.path) || same.size >= MOST_OF_A_KIND) return
    same.add(ask.path)
    asks.push(ask)
  }
  for (const path of addresses) add(got(path))
  for (let ask = asks.shift(); ask !== undefined; ask = asks.shift()) {
    const answer = await sent(visitor, ask)
    const location = answer.headers.get('location')
    const isPage = (answer.headers.get('content-type') ?? '').startsWith('text/html')
    const page = isPage ? await answer.text() : null
    if (!isPage) await answer.body?.cancel()
    yield {
      ...{ method: ask.method.toUpperCase(), pattern: patternOf(ask.method, ask.path) ?? '' },
      ...{ name: `${ask.method} ${ask.path.slice(0, 80)} ${ask.way}`, status: answer.status, page },
    }
    // What an act leads to is another answer each time.
    if (location?.startsWith('/') === true) add({ ...got(location), way: `after ${ask.path} ${ask.way}` })
    if (page === null) continue
    for (const [, href = ''] of page.matchAll(/<a\b[^>]*\shref="(\/[^"#]*)/g))
      add(got(href.replaceAll('&amp;', '&')))
    for (const form of formsIn(page)) for (const way of waysOf(form, ask)) add(filled(form, way, ask))
  }
}

function got(path: string): Ask {
  return { method: 'get', path, form: {}, way: '' }
}

/** What asks a second time is sent as it is, once for each way that led there. */
function waysOf({ fields }: FormOnPage, ask: Ask): readonly string[] {
  return fields.some(({ name }) => name === 'sure') ? [`${ask.way} sure`] : WAYS
}

function filled({ method, action, fields }: FormOnPage, way: string, from: Ask): Ask {
  const form = Object.fromEntries(
    fields.map((field) => [field.name, way.endsWith('sure') ? field.value : valueOf(field, way as Way)]),
  )
  const path = action === '' ? from.path : action
  if (method === 'post') return { method, path, form, way }
  const query = Object.entries(form).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  )
  return { method, path: `${path}?${new URLSearchParams(query).toString()}`, form: {}, way }
}

function valueOf({ name, type, value, choices, longest }: FieldOnPage, way: Way): string | File {
  if (type === 'hidden' || way === 'bare') return type === 'file' ? new File([], '') : value
  if (type === 'file') return new File([way === 'first' ? 'rule,key\ninvoices-ten-years,1\n' : LONG], 'a.csv')
  const offered = choices.filter((choice) => choice !== '')
  if (offered.length > 0) return (way === 'first' ? offered[0] : offered.at(-1)) ?? ''
  if (value !== '') return value
  const taken = TAKEN[name]
  if (taken !== undefined) return taken
  if (type === 'date') return A_DAY
  return type === 'number' ? '5' : LONG.slice(0, longest ?? LONG.length)
}

function sent(visitor: Visitor, { method, path, form }: Ask): Promise<Response> {
  if (method === 'get') return visitor.get(path)
  return Object.values(form).some((value) => typeof value !== 'string')
    ? visitor.send(path, form)
    : visitor.post(path, form as Record<string, string>)
}

/** Which route an address belongs to; `null`: none, or it is no address of the console. */
function patternsOf(routes: readonly Route[]): (method: string, path: string) => string | null {
  const known = routes.map(({ method, pattern }) => ({
    ...{ method, pattern },
    matches: new RegExp(`^${pattern.replaceAll(/:\w+(?:\{\.\+\})?/g, '[^/]+')}$`),
  }))
  return (method, path) => {
    const { pathname } = new URL(path, 'http://x')
    const found = known.find((each) => each.method === method.toUpperCase() && each.matches.test(pathname))
    return found?.pattern ?? null
  }
}

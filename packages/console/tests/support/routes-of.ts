import type { OpenConsole } from './open-console.ts'

export interface Route {
  readonly method: string
  readonly pattern: string
}

/** Every route, as the router itself has it: none is forgotten. */
export function routesOf({ app }: Pick<OpenConsole, 'app'>): readonly Route[] {
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
    .map(({ method, path }) => ({ method, pattern: path }))
  return [...new Map(routes.map((route) => [`${route.method} ${route.pattern}`, route])).values()]
}

/** What stands in the place of parameters: by the start of the patterns it is for, a query if it begins with `?`. */
export type Ids = Readonly<Record<string, string>>

/** An address of the route with what is there in the place of its parameters. */
export function addressOf(pattern: string, ids: Ids): string {
  const [start, id] = Object.entries(ids).find(([known]) => pattern.startsWith(known)) ?? ['', '']
  const path = id.startsWith('?')
    ? pattern + id
    : start.replace(/:\w+$/, encodeURIComponent(id)) + pattern.slice(start.length)
  return path.replace(':locale', 'it')
}

import { isoToMicros, microsToIso } from '@varco/core'
import type { Database } from '@varco/postgres'
import type { Report } from '@varco/reports'

export const at = (iso: string): bigint => isoToMicros(iso) ?? 0n

/** The same numbers every time. */
export function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** The log as a stranger with psql would read it. */
export const ENTRIES = `
  CREATE VIEW entry AS
    SELECT writer, epoch, seq, at_us, body, timestamptz 'epoch' + at_us * interval '1 microsecond' AS at,
           (timestamptz 'epoch' + at_us * interval '1 microsecond') AT TIME ZONE 'Europe/Rome' AS here,
           body->>'kind' AS kind, body->>'decision' AS decision, body->>'processor' AS company,
           body->>'contract' AS contract, body->>'purpose' AS purpose, body->>'operator' AS operator,
           body->>'unit' AS unit, body->>'resource' AS resource
      FROM varco.events`

export type Figures = Record<string, number | string>

/** Figures by name, from queries that tell `name` and either `n` or an instant `at` in microseconds, written as the reports do. */
export function figuresBy({ pool }: Pick<Database, 'pool'>) {
  return async (...queries: readonly (readonly [sql: string, ...values: unknown[]])[]): Promise<Figures> => {
    const answers = await Promise.all(
      queries.map(([sql, ...values]) =>
        pool.query<{ name: string; n: string | null; at: string | null }>(sql, values),
      ),
    )
    const rows = answers.flatMap((answer) => answer.rows)
    return Object.fromEntries(
      rows.flatMap(({ name, n, at: instant }): readonly (readonly [string, number | string])[] => {
        if (instant !== null && instant !== undefined) return [[name, microsToIso(BigInt(instant))]]
        return n === null ? [] : [[name, Number(n)]]
      }),
    )
  }
}

/** Every number of a report, and every first and last instant; what a list holds is named by its ids. */
export function reportFigures(report: Report): Figures {
  return Object.fromEntries(Object.entries(figuresIn(report)).filter(([path]) => !NO_FIGURE.test(path)))
}

/** What is no figure of the body's: versions, thresholds and places in lists. */
const NO_FIGURE =
  /^version$|(^|\.)threshold$|^min_group$|^episode_days$|\.(epoch|checkpoint)$|^accesses\[|\.witnessed$/

function figuresIn(value: unknown, path = ''): Figures {
  if (typeof value === 'number' || (typeof value === 'string' && /\.(first|last|first_seen)$/.test(path)))
    return { [path]: value }
  if (value === null || typeof value !== 'object') return {}
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) =>
      figuresIn(
        inner,
        Array.isArray(value) ? `${path}[${nameOf(inner, key)}]` : path === '' ? key : `${path}.${key}`,
      ),
    ),
  ) as Figures
}

type Named = string | { readonly id: string } | null | undefined

function nameOf(item: unknown, position: string): string {
  if (item === null || typeof item !== 'object') return position
  const { id, month, day, kind, company, resource, operator, unit, writer, purpose, value, contract } =
    item as Record<string, Named>
  const idOf = (thing: Named): string => (typeof thing === 'string' ? thing : (thing?.id ?? '-'))
  if (operator !== undefined) return [operator, company, unit].map(idOf).join('/')
  const named = [id, month, day, writer, resource, kind, purpose, value, contract].find(
    (thing) => thing !== undefined,
  )
  return idOf(named ?? company)
}

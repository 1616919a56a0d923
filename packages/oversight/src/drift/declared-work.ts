import { sumShown, suppressCells, type Localized } from '@varco/core'
import type { DeclaredWork } from '@varco/engagement'
import { MIN_GROUP } from '../held-back/min-group.ts'

/** What a contract's workers declared that they did off the system; months still open are not in it. */
export interface DriftDeclared {
  readonly months: readonly DriftDeclaredMonth[]
  /** `null` where held back. */
  readonly hours: number | null
  readonly rows: readonly DeclaredRow[]
}

/** How what was declared of a month can be checked. */
export interface DriftDeclaredMonth {
  readonly month: string
  /** Digest of the key that signed the month's tokens. */
  readonly key: string
  /** The entries of the log about the key and about the closing. */
  readonly evidence: readonly string[]
  /** Declarations left out, whose token the key has not signed: somebody put them into the store. */
  readonly unsigned: number
}

export interface DeclaredRow {
  readonly value: string
  readonly title: Localized | null
  /** Whether the annex covers the purpose. */
  readonly contracted: boolean
  readonly clause: string | null
  /** Whole hours; `null` where held back. */
  readonly hours: number | null
  readonly monthly: readonly { readonly month: string; readonly hours: number | null }[]
}

/** The hours by purpose and month, without those fewer than five people declared and what would give them away. */
export function driftDeclared(
  work: readonly DeclaredWork[],
  of: (purpose: string) => Pick<DeclaredRow, 'title' | 'contracted' | 'clause'>,
): DriftDeclared {
  const values = [...new Set(work.flatMap(({ purposes }) => purposes.map(({ purpose }) => purpose)))].sort()
  const cell = (value: string, { purposes }: DeclaredWork) =>
    purposes.find(({ purpose }) => purpose === value) ?? { hours: 0, declarers: 0 }
  // A month by itself, and a sum with any part of it, so that two periods do not subtract to what is held back.
  const months = work.map((month) =>
    suppressCells(
      values.map((value) => [cell(value, month).hours]),
      (hours, r) =>
        hours > 0 && (r < values.length ? cell(values[r] ?? '', month) : month).declarers < MIN_GROUP,
    ),
  )
  const rows = values.map((value, r) => {
    const monthly = work.map(({ month }, c) => ({ month, hours: months[c]?.cells[r]?.[0] ?? null }))
    return { value, ...of(value), hours: sumShown(monthly.map(({ hours }) => hours)), monthly }
  })
  return {
    months: work.map(({ month, key, announced, closed, unsigned }) => ({
      ...{ month, key, unsigned },
      evidence: [...(announced === null ? [] : [announced]), closed],
    })),
    hours: sumShown(months.map(({ total }) => total)),
    rows: rows.toSorted(
      (a, b) =>
        Number(a.contracted) - Number(b.contracted) ||
        (b.hours ?? 0) - (a.hours ?? 0) ||
        (a.value < b.value ? -1 : 1),
    ),
  }
}

import type { Format } from './format.ts'

/** What stands where a count is held back. */
export const HELD_BACK = '•'

export function shownCount(count: number | null, format: Format): string {
  return count === null ? HELD_BACK : format.number(count)
}

/**
 * One name for the count of a contract's accesses in a month, of one purpose or (`null`) in all: reports that count the same
 * tell by it that they do (`suppressLinked`).
 */
export function workCountName(outcome: 'permitted' | 'denied' | 'all', purpose: string | null): string {
  return purpose === null ? outcome : `${outcome} for ${purpose}`
}

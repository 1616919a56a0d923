/** Of more names than these the later ones are not looked at: a suggestion is not worth a wait. */
const MOST_COMPARED = 2_000

/** The known name a person most likely meant, or `null` when none is near. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  const limit = Math.max(1, Math.floor(name.length / 3))
  if (name.length > 64) return null
  let best: string | null = null
  let distance = limit + 1
  let compared = 0
  for (const candidate of known) {
    if (++compared > MOST_COMPARED) break
    if (Math.abs(candidate.length - name.length) >= distance) continue
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (edits < distance) [best, distance] = [candidate, edits]
  }
  return best
}

/** Levenshtein distance, a swap of neighbours counting once (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    ;[before, last] = [last, row]
  }
  return last[b.length] ?? a.length
}

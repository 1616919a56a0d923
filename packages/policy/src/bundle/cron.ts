/** Least and greatest of minute, hour, day, month and weekday, where Sunday is 0 and 7. */
const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const

/** Whether a text is the five fields of cron in numbers, none out of range and no range backwards. */
export function isCron(text: string): boolean {
  const fields = text.trim().split(/\s+/)
  return (
    fields.length === RANGES.length &&
    RANGES.every((range, at) => (fields[at] ?? '').split(',').every(within(range)))
  )
}

function within([least, greatest]: readonly [number, number]): (part: string) => boolean {
  return (part) => {
    const read = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part)
    if (read === null) return false
    const [, from, to, step] = read
    if (step !== undefined && Number(step) < 1) return false
    if (from === undefined) return true
    return Number(from) >= least && Number(to ?? from) <= greatest && Number(from) <= Number(to ?? from)
  }
}

/** Least and greatest of minute, hour, day, month and weekday, where Sunday is 0 and 7. */
const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const

/** Whether a text is the five fields of cron in numbers, none out of range, no range backwards, and a day that some year has. */
export function isCron(text: string): boolean {
  const fields = text.trim().split(/\s+/)
  return (
    fields.length === RANGES.length &&
    RANGES.every((range, at) => (fields[at] ?? '').split(',').every(within(range))) &&
    occurs(fields[2] ?? '', fields[3] ?? '')
  )
}

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The thirtieth of February never comes. */
function occurs(days: string, months: string): boolean {
  const first = Math.min(...days.split(',').map((part) => (part.startsWith('*') ? 1 : Number.parseInt(part))))
  return LONGEST.some((longest, at) => first <= longest && months.split(',').some(includes(at + 1)))
}

function includes(value: number): (part: string) => boolean {
  return (part) => {
    const [range = '', step = '1'] = part.split('/')
    const [from = '', to] = range.split('-')
    const least = from === '*' ? 1 : Number(from)
    const most = from === '*' || (to === undefined && part.includes('/')) ? 12 : Number(to ?? from)
    return value >= least && value <= most && (value - least) % Number(step) === 0
  }
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

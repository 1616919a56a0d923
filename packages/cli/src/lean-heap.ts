import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Commands through which much passes and in which little stays: documents of any length, and the whole log. */
const PASS_MUCH: ReadonlySet<string> = new Set(['report', 'request', 'log'])

/** Commands that answer many at once for as long as they run. */
const SERVE: ReadonlySet<string> = new Set(['serve', 'demo'])

/**
 * Of a report that passes through piece by piece, little is needed at once; but by itself V8 lets a process whose live data are 50 MB
 * grow to 400 before it looks for what is no longer needed. Here the young generation stays as small as it began, and the old one is
 * gone through whenever it has grown by this much. Both are read at each collection, so it is not too late once the process runs; a
 * bound on the heap would do too, but end the process of whoever has more records than were thought of. Not for what serves many: it
 * costs some processor time.
 */
export function keepHeapLean(command: string, line: readonly string[] = []): void {
  if (command === 'retention' || (command === 'serve' && isForSchedulerAlone(line))) keepForgettingHeapLean()
  else if (SERVE.has(command)) keepServingHeapLean()
  if (!PASS_MUCH.has(command)) return
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=30')
}

/**
 * What serves many keeps its young generation, for with a small one whatever waits is moved over and over, which costs as much again
 * as answering. The old one, gone through whenever it has grown by half, takes 40 MB less under five hundred connections, and no
 * processor time that could be measured.
 */
export function keepServingHeapLean(): void {
  setFlagsFromString('--heap-growing-percent=50')
}

/** Of each half of the young generation: what a run has in hand at a time fits, and is not moved to the old one to be looked for there. */
const FORGETTING_BYTES = 4 * 1024 * 1024
const FORGETTING_GROWTH = 4
/** Enough to live through a collection, which is when the young generation grows. */
const LIVING = 50_000
const MOST_TRIED = 2_000_000

/**
 * What forgets has a few pages of keys in hand at a time. A young generation as small as it began moves each of them over and over, or
 * takes it for old: half as fast, and what reads beside waits for the collections. Four times that is enough; by itself V8 takes four
 * times as much again. It can be told how large at its start alone, so it is made to grow once, before anything is loaded, and no more.
 */
export function keepForgettingHeapLean(): void {
  setFlagsFromString(`--semi-space-growth-factor=${FORGETTING_GROWTH}`)
  const living: object[] = []
  for (let made = 0; made < MOST_TRIED && youngBytes() < FORGETTING_BYTES; made += 1_000)
    for (let i = made; i < made + 1_000; i++) living[i % LIVING] = { i }
  setFlagsFromString('--semi-space-growth-factor=1')
  keepServingHeapLean()
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0
}

function isForSchedulerAlone(line: readonly string[]): boolean {
  return line.some(
    (word, at) => word === '--only=scheduler' || (word === 'scheduler' && line[at - 1] === '--only'),
  )
}

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Micros } from '@varco/core'
import type { DaySummary } from '@varco/demo'
import type { Home } from './home.ts'

const FILE = 'day.json'

/** A day belongs to the sample it was played on: rows made anew have seen nothing yet. */
interface PlayedDay {
  readonly loadedAt: string
  readonly day: DaySummary
}

/** The day as it was played at an earlier start on the same sample; `null` when it was not. */
export async function readPlayedDay(home: Home, loadedAt: Micros): Promise<DaySummary | null> {
  try {
    const played = JSON.parse(await readFile(path.join(home.demo, FILE), 'utf8')) as PlayedDay
    return played.loadedAt === String(loadedAt) ? played.day : null
  } catch {
    return null
  }
}

export async function rememberPlayedDay(home: Home, loadedAt: Micros, day: DaySummary): Promise<void> {
  const played: PlayedDay = { loadedAt: String(loadedAt), day }
  await mkdir(home.demo, { recursive: true })
  const file = path.join(home.demo, FILE)
  await writeFile(`${file}.new`, JSON.stringify(played))
  await rename(`${file}.new`, file)
}

import { randomUUID } from 'node:crypto'
import { actDraft } from '@varco/access-log'
import type { Json } from '@varco/core'
import type { Services } from './services.ts'

/** Whoever asks for what is told of people: that it was read is an event of the log, before it is shown. */
export async function recordReading(
  { commandLog }: Pick<Services, 'commandLog'>,
  operator: string,
  detail: Readonly<Record<string, Json>>,
): Promise<void> {
  await commandLog.append(actDraft('log-read', { requestId: randomUUID(), operator, detail }))
}

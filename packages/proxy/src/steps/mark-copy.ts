import type { Appended } from '@varco/access-log'
import { makeCopy, watermark } from '@varco/engagement'
import type { AnswerFormat } from '../answer/negotiate-format.ts'
import type { Visit } from '../visit.ts'
import type { Shown } from './mask.ts'

const COLUMN = 'varco_copy'

/**
 * Between recording and revealing: a table leaves as a file, and a file stays. It is written down as a copy of its owner's,
 * to be destroyed by a day, before any of it is given out, and each of its rows says so. What is no file stays as it is.
 * @throws UnavailableError when it may not have been written down: then nothing may be shown
 */
export async function markCopy(
  { bundle, gate, method, now, trail }: Visit,
  shown: Shown,
  { kind }: AnswerFormat,
  { id }: Appended,
): Promise<Shown> {
  const { contract, operator: owner, processor } = trail.attribution
  if (kind !== 'csv' || method === 'HEAD' || gate.copies === null || owner === null) return shown
  const { purpose } = trail.statement
  const { names, records } = shown
  const copy = makeCopy(bundle, now, id, {
    ...{ kind: 'records', contract, processor, owner, purpose },
    records: records.length,
  })
  await gate.copies.addCopy(copy)
  // Ids and a day: nothing in it needs quotes.
  const mark = watermark(copy)
  return { ...shown, names: [...names, COLUMN], records: records.map((record) => `${record},${mark}`) }
}

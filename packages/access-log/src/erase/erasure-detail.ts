import type { Json } from '@varco/core'
import { hashFromBase64, hashToBase64, type Hash } from '../merkle/hash.ts'

/** One side row that was erased: its place and the commitment that stands for it ever after. */
export interface ErasedRow {
  readonly writer: string
  readonly epoch: number
  readonly seq: number
  readonly position: number
  readonly commitment: Hash
}

/** How an event of kind `disclosures-erased` lists what it covers, under `erased`. */
export function erasedRowsJson(rows: readonly ErasedRow[]): Json {
  return rows.map(({ writer, epoch, seq, position, commitment }) => [
    writer,
    epoch,
    String(seq),
    position,
    hashToBase64(commitment),
  ])
}

/** Reads the list back, from an event's body; what does not fit covers nothing. */
export function parseErasedRows(body: string): readonly ErasedRow[] {
  const { detail } = JSON.parse(body) as { detail?: { erased?: unknown } }
  const listed: readonly unknown[] = Array.isArray(detail?.erased) ? detail.erased : []
  return listed.flatMap((entry) => {
    if (!Array.isArray(entry)) return []
    const [writer, epoch, seq, position, text] = entry as readonly unknown[]
    const commitment = typeof text === 'string' ? hashFromBase64(text) : null
    if (
      typeof writer !== 'string' ||
      typeof epoch !== 'number' ||
      typeof position !== 'number' ||
      commitment === null
    )
      return []
    return [{ writer, epoch, seq: Number(seq), position, commitment }]
  })
}

import { setImmediate } from 'node:timers/promises'
import type { Block, Lines, LongRows, ReportDocument, Rows, Section } from '../document/document.ts'

/** How far the writing of a document has come, and whether it is still wanted. */
export interface Watch {
  /** Ends the writing; what was begun is taken back. */
  readonly signal?: AbortSignal
  /** Rows of tables written and to be written, of all formats together. */
  readonly onProgress?: (rows: number, of: number) => void
}

/** Rows set before whoever wants to end it is heard. */
const AT_ONCE = 64

/** Rows of tables a document has. */
export function rowsOf({ opening, sections }: ReportDocument): number {
  return [opening, ...sections.map(({ blocks }) => blocks)]
    .flat()
    .reduce((sum, block) => sum + (block.kind === 'table' ? block.rows.length : 0), 0)
}

/** The same document; every so many rows the process sees to other things, and a cancelled writing ends there. */
export function watchRows(
  document: ReportDocument,
  signal: AbortSignal | undefined,
  onRows: (rows: number) => void,
): ReportDocument {
  const watch = async function* (rows: Rows): AsyncGenerator<readonly Lines[]> {
    let since = 0
    for await (const row of rows) {
      yield row
      if (++since < AT_ONCE) continue
      onRows(since)
      since = 0
      await setImmediate()
      signal?.throwIfAborted()
    }
    onRows(since)
  }
  const watched = (rows: Rows): LongRows => ({
    length: rows.length,
    [Symbol.asyncIterator]: () => watch(rows),
  })
  const inBlock = (block: Block): Block =>
    block.kind === 'table' ? { ...block, rows: watched(block.rows) } : block
  const inSection = (section: Section): Section => ({ ...section, blocks: section.blocks.map(inBlock) })
  return { ...document, opening: document.opening.map(inBlock), sections: document.sections.map(inSection) }
}

import { readSelect, type Selection } from './read-select.ts'

/** Programs send the same few texts for ever; whoever sends others without end makes nobody forget much. */
const MOST = 500
const MOST_CHARS = 1_000

const known = new Map<string, Selection>()

/**
 * `readSelect`, once for each text: the same text gives the same object.
 * @throws QueryError
 */
export function selectionOf(text: string): Selection {
  const found = known.get(text)
  if (found !== undefined) return found
  const selection = readSelect(text)
  if (text.length > MOST_CHARS) return selection
  if (known.size >= MOST) known.clear()
  known.set(text, selection)
  return selection
}

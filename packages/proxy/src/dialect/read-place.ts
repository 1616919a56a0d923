import type { JsonPlace } from '@varco/policy'
import { unquote } from './split-list.ts'

/** What a query names: a field, or what stands within its value. */
export interface FieldPlace {
  readonly field: string
  readonly at?: JsonPlace
}

const MAX_STEPS = 16
/** Those within quotes too: what stands behind each is read to the end of the text. */
const MAX_ARROWS = 64

/** `message->readings->0->>value`; `null` for what is none. */
export function readPlace(text: string): FieldPlace | null {
  if (NAME.test(text)) return { field: text }
  if (text.split('->', MAX_ARROWS + 2).length > MAX_ARROWS + 1) return null
  const steps = text.split(ARROWS)
  const [field = '', ...path] = steps.filter((_, index) => index % 2 === 0).map((step) => step.trim())
  const arrows = steps.filter((_, index) => index % 2 === 1)
  // Of a text nothing stands within.
  if (arrows.slice(0, -1).includes('->>') || path.length > MAX_STEPS) return null
  if ([field, ...path].some((step) => step === '' || isExpression(step))) return null
  if (arrows.length === 0) return { field: unquote(field) }
  const as = arrows.at(-1) === '->>' ? 'text' : 'json'
  return { field: unquote(field), at: { path: path.map(unquote), as } }
}

/** Nearly every field's. */
const NAME = /^\w+$/

/** Arrows that stand outside of quotes. */
const ARROWS = /(->>?)(?=(?:[^"\\]|\\.|"(?:[^"\\]|\\.)*")*$)/s

function isExpression(step: string): boolean {
  return !step.startsWith('"') && /[().!]|::/.test(step)
}

/** How the answer calls it unless told otherwise: by the last name on the way to it. */
export function nameOf({ field, at }: FieldPlace): string {
  return at?.path.findLast((step) => !/^[+-]?\d+$/.test(step)) ?? field
}

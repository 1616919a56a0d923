import { splitList, unquote } from './split-list.ts'

export const MAX_ELEMENTS = 500

/** `{a,"b,c"}`; `null` for what is no array, and for a NULL in it, with which nothing compares. */
export function readArrayText(text: string): readonly string[] | null {
  return readElements(/^\{(.*)\}$/s.exec(text.trim())?.[1], (piece) => !/^null$/i.test(piece))
}

/** What stands between the brackets of a list; `null` for what is none. */
export function readElements(
  inner: string | undefined,
  isElement: (piece: string) => boolean = () => true,
): readonly string[] | null {
  const pieces = inner === undefined ? null : inner.trim() === '' ? [] : splitList(inner, ',', ',')
  const trimmed = pieces?.map((piece) => piece.trim())
  if (trimmed === undefined || trimmed.length > MAX_ELEMENTS || !trimmed.every(isElement)) return null
  return trimmed.map(unquote)
}

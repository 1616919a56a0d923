/**
 * Splits at the separators that stand outside quotes, parentheses and braces; the pieces keep their quotes.
 * `null` when one of these is left open, or one is closed that never was opened.
 * @param quotesAfter characters after which a quotation mark opens a quotation, besides the text's start
 */
export function splitList(
  text: string,
  separator: string,
  quotesAfter: string = ANYWHERE,
): readonly string[] | null {
  const pieces: string[] = []
  let start = 0
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (quoted) {
      if (character === '\\') at++
      else if (character === '"') quoted = false
    } else if (character === '"' && opensQuotes(text[at - 1], quotesAfter)) quoted = true
    else if (character === '(' || character === '{') depth++
    else if (character === ')' || character === '}') depth--
    else if (character === separator && depth === 0) {
      pieces.push(text.slice(start, at))
      start = at + 1
    }
    if (depth < 0) return null
  }
  if (quoted || depth > 0) return null
  pieces.push(text.slice(start))
  return pieces
}

/** Where something may begin. A quotation mark within a word stands for itself. */
const ANYWHERE = ',({.:> '

function opensQuotes(before: string | undefined, quotesAfter: string): boolean {
  return before === undefined || quotesAfter.includes(before)
}

/** Takes quotes off where the whole of the text is quoted; inside, `\` takes the next character as it is. */
export function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text
  return text.slice(1, -1).replaceAll(/\\(.)/gs, '$1')
}

/**
 * Characters that show as nothing, or change how those around them show: controls but tab and line ends, joiners, fillers,
 * marks of direction, tags. With them a text reads otherwise than it compares (CVE-2021-42574).
 */
export const UNSEEN = /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]--[\t\n\r]]/gv

const LINE_ENDS_TOO = new RegExp(`${UNSEEN.source}|[\\t\\n\\r]`, 'gv')
/** Letters of other scripts, marks on letters and forms of a letter look like letters of ours: `\u0440aid`. */
const MISLEADING = /[^ -~]/gu

/** The text in one line, with whatever cannot be seen as an escape. */
export function writtenOut(text: string): string {
  return text.replaceAll(LINE_ENDS_TOO, escaped)
}

/** The same, and as escapes what could be taken for another letter. */
export function unmistakable(text: string): string {
  return writtenOut(text).replaceAll(MISLEADING, (character) =>
    /[^\p{Script=Latin}\P{L}]|\p{M}/u.test(character) || character.normalize('NFKC') !== character
      ? escaped(character)
      : character,
  )
}

function escaped(text: string): string {
  return Array.from(
    { length: text.length },
    (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('')
}

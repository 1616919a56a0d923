/**
 * The text of a table's cell, for whoever opens the table in a spreadsheet: what that would take for a formula stands behind
 * an apostrophe, for people outside write such texts. Blanks before it and full-width signs are taken for one too; and so is what
 * follows a semicolon, a tab or a line's end: where a comma parts decimals, as in Italy, a spreadsheet cuts lines there, quoted or not.
 */
export function harmlessCell(text: string): string {
  const start = FORMULA.test(text) ? `'${text}` : text
  return start.replaceAll(BEHIND_A_CUT, (cuts, at: number) =>
    SIGNS.includes(start.charAt(at + cuts.length)) ? cuts.replaceAll(CUT, "$&'") : cuts,
  )
}

/** The text that a harmless cell was made of; of several that look alike as cells, the one without apostrophes. */
export function textOfHarmlessCell(cell: string): string {
  const start = cell.replaceAll(GUARDS_BEHIND_A_CUT, (guards, at: number) =>
    SIGNS.includes(cell.charAt(at + guards.length)) ? guards.replaceAll("'", '') : guards,
  )
  return FORMULA.test(start.slice(1)) && start.startsWith("'") ? start.slice(1) : start
}

const FORMULA = /^\s*[=+\-@|%＝＋－＠\t\r]/u
const SIGNS: readonly string[] = Array.from('=+-@|%＝＋－＠')
const CUT = /[;\t\r\n]/gu
/**
 * A quote that follows the cut is the spreadsheet's, not the text's. All blanks are taken at once, and what follows is looked at once:
 * looked for behind each cut, a text of nothing but line ends would hold up whoever else is served.
 */
const BEHIND_A_CUT = /[;\t\r\n][\s"]*/gu
/** As `BEHIND_A_CUT` leaves them. */
const GUARDS_BEHIND_A_CUT = /[;\t\r\n]'(?:[\t\r\n]'|[^\S\t\r\n]|")*/gu

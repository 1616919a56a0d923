/**
 * The text of a table's cell, for whoever opens the table in a spreadsheet: what that would take for a formula stands behind
 * an apostrophe, for people outside write such texts. Blanks before it and full-width signs are taken for one too.
 */
export function harmlessCell(text: string): string {
  return /^\s*[=+\-@|%＝＋－＠\t\r]/u.test(text) ? `'${text}` : text
}

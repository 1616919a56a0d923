/**
 * A pattern of `like` as SQL has it: `*` stands for `%`, so that addresses need no `%25`. `null` for a pattern that
 * PostgreSQL would fail on, and only on rows that it reaches: that would tell of them.
 */
export function readLikePattern(text: string): string | null {
  const pattern = text.replaceAll('*', '%')
  let trailing = 0
  while (pattern.at(-1 - trailing) === '\\') trailing++
  return trailing % 2 === 1 || pattern.includes('\0') || !pattern.isWellFormed() ? null : pattern
}

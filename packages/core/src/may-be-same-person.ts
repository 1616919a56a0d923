/**
 * Whether two names may be one person's, wherever an act takes two people: `ADM-1`, `adm-1` and `ADM-1` with a blank, a
 * letter of full width or a mark nobody sees are one. Names that people give themselves are taken on trust; this much is not.
 */
export function mayBeSamePerson(one: string, other: string): boolean {
  return folded(one) === folded(other)
}

function folded(name: string): string {
  return (
    name
      .normalize('NFKC')
      .replaceAll(/[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
      // Once more: a mark that nobody sees may have kept a letter and its accent apart.
      .normalize('NFKC')
      .replaceAll(/\p{Dash}/gu, '-')
      .toLowerCase()
  )
}

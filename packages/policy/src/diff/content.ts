import { canonicalJson, type Json } from '@varco/core'

/** What is told of something that is not there. */
export const NOTHING = 'none'

/** Equal texts, equal contents. */
export function textOf(value: unknown): string {
  return value === undefined ? NOTHING : canonicalJson(value as Json)
}

/** What something says beside some of its keys, such as its name. */
export function contentWithout<T extends object>(value: T, ...keys: readonly (keyof T & string)[]): string {
  const others = Object.entries(value).filter(([key]) => !keys.some((each) => each === key))
  return textOf(Object.fromEntries(others))
}

/** Every key under which one of the two says something else than the other, with what each says there. */
export function partsThatDiffer<T extends object>(
  was: T,
  is: T,
): readonly { readonly part: keyof T; readonly from: string; readonly to: string }[] {
  const parts = new Set([...Object.keys(was), ...Object.keys(is)] as (keyof T)[])
  return [...parts]
    .map((part) => ({ part, from: textOf(was[part]), to: textOf(is[part]) }))
    .filter(({ from, to }) => from !== to)
}

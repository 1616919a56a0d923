import { canonicalJson, type Json } from '@varco/core'

/** What something says beside some of its keys, such as its name: equal texts, equal contents. */
export function contentWithout<T extends object>(value: T, ...keys: readonly (keyof T & string)[]): string {
  const others = Object.entries(value).filter(([key]) => !keys.some((each) => each === key))
  return canonicalJson(Object.fromEntries(others) as Json)
}

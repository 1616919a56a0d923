/** Those that are not among the others, in their order. */
export function without(keys: readonly string[], others: readonly string[]): readonly string[] {
  if (keys.length === 0 || others.length === 0) return keys
  // As it mostly is of a slice: all of it, in its order.
  if (others.length === keys.length && keys.every((key, at) => key === others[at])) return []
  const those = new Set(others)
  return keys.filter((key) => !those.has(key))
}

/**
 * What follows from two things and from nothing else, worked out once for the very same two (the same objects, which never
 * change), and forgotten with either: permits and selections are remembered, and what is read by them is the same each time.
 */
export class WorkedOutOnce<A extends object, B extends object, T> {
  readonly #known = new WeakMap<A, WeakMap<B, { readonly result: T }>>()

  of(a: A, b: B, workOut: () => T): T {
    const byB = this.#known.get(a) ?? new WeakMap<B, { readonly result: T }>()
    this.#known.set(a, byB)
    const known = byB.get(b)
    if (known !== undefined) return known.result
    const result = workOut()
    byB.set(b, { result })
    return result
  }
}

/**
 * What `work` makes of each item, in their order; so many are under way at once, for each waits for the database and not for
 * the one before.
 */
export async function* workAhead<T, R>(
  items: AsyncIterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = []
  for await (const item of items) {
    const begun = work(item)
    // Whoever awaits it in its turn learns of a fault; one after an earlier fault nobody awaits.
    begun.catch(() => {})
    underWay.push(begun)
    const first = underWay.length < atOnce ? undefined : underWay.shift()
    if (first !== undefined) yield await first
  }
  for (const rest of underWay) yield await rest
}

/**
 * One after the other; one that fails keeps no other waiting.
 * @param stop none is begun after it
 * @throws the first fault, after all had their turn
 */
export async function eachInTurn<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<unknown>,
  stop?: AbortSignal,
): Promise<void> {
  const faults: unknown[] = []
  for (const item of items) {
    if (stop?.aborted === true) break
    try {
      await work(item)
    } catch (fault) {
      faults.push(fault)
    }
  }
  if (faults.length > 0) throw faults[0]
}

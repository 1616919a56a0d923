interface Visit {
  readonly node: string
  readonly waiting: Iterator<string>
  readonly order: number
  /** The earliest node that can be come back to from here. */
  low: number
}

/** For each node of a graph, those it is on a cycle with, itself included only if an edge leads there (Tarjan, in one walk). */
export function cyclesOf(
  edges: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>()
  const orders = new Map<string, number>()
  const open: string[] = []
  const isOpen = new Set<string>()
  const enter = (node: string): Visit => {
    const order = orders.size
    orders.set(node, order)
    open.push(node)
    isOpen.add(node)
    return { node, waiting: (edges.get(node) ?? new Set<string>()).values(), order, low: order }
  }
  const leave = ({ node, low, order }: Visit): void => {
    if (low < order) return
    const together = new Set(open.splice(open.lastIndexOf(node)))
    for (const each of together) isOpen.delete(each)
    const isCycle = together.size > 1 || edges.get(node)?.has(node) === true
    if (isCycle) for (const each of together) found.set(each, together)
  }
  for (const start of edges.keys()) {
    // A stack of our own: a chain of owners may be longer than calls may be deep.
    const visits = orders.has(start) ? [] : [enter(start)]
    for (let here = visits.at(-1); here !== undefined; here = visits.at(-1)) {
      const { done, value: next } = here.waiting.next()
      if (done === true) {
        leave(here)
        visits.pop()
        const parent = visits.at(-1)
        if (parent !== undefined) parent.low = Math.min(parent.low, here.low)
      } else if (!orders.has(next)) visits.push(enter(next))
      else if (isOpen.has(next)) here.low = Math.min(here.low, orders.get(next) ?? here.low)
    }
  }
  return found
}

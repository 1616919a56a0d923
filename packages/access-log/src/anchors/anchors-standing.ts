import { openCheckpoint } from '../notes/checkpoint.ts'
import { parseVerifier } from '../notes/note-key.ts'
import type { LogReadStore } from '../store/log-read-store.ts'
import { treeKey } from '../store/tree-key.ts'
import { TOP_WRITER, treeOrigin } from '../store/tree-origin.ts'
import type { Anchor } from './anchor.ts'
import { treesAsked } from './trees-asked.ts'

/** How far one anchor is behind the log. */
export interface AnchorStanding {
  readonly name: string
  /** What is counted: an anchor that knows the top tree alone is behind by its entries, any other by events. */
  readonly of: 'events' | 'checkpoints'
  readonly behind: number
  /**
   * `cut`: it remembers more than the database holds, an event or a whole tree, so the log was cut short or rolled back. `broken`: what it remembers is signed
   * by no key of the log. `empty`: it remembers nothing of a log that has events.
   */
  readonly trouble: 'cut' | 'broken' | 'empty' | null
}

export interface AnchorsStandingOptions {
  readonly store: Pick<LogReadStore, 'heads'>
  readonly anchors: readonly Anchor[]
  /** C2SP verifier key texts: the log's present key and those it had before. */
  readonly verifierKeys: readonly string[]
}

/** How every anchor stands against the log, by sizes alone: whether they tell the same story is for `verifyLog`. */
export async function anchorsStanding(options: AnchorsStandingOptions): Promise<readonly AnchorStanding[]> {
  const verifiers = options.verifierKeys.map(parseVerifier).filter((verifier) => verifier !== null)
  const origin = verifiers[0]?.name ?? ''
  const standings: AnchorStanding[] = []
  for (const anchor of options.anchors) {
    const known: { readonly isTop: boolean; readonly missing: number }[] = []
    let trouble: AnchorStanding['trouble'] = null
    // Asked before the database: what an anchor knows, the database must hold by then.
    const remembered = new Map<string, number | null>()
    const before = await options.store.heads()
    for (const tree of treesAsked(before, verifiers.length)) {
      const note = await anchor.latest(treeOrigin(origin, tree))
      if (note === null) continue
      remembered.set(treeKey(tree), openCheckpoint(note, verifiers)?.size ?? null)
    }
    for (const head of await options.store.heads()) {
      const { writer, size } = head
      const kept = remembered.get(treeKey(head))
      if (kept === undefined) continue
      remembered.delete(treeKey(head))
      if (kept === null) trouble = 'broken'
      else if (kept > size) trouble ??= 'cut'
      known.push({ isTop: writer === TOP_WRITER, missing: Math.max(0, size - (kept ?? 0)) })
    }
    // What is left it remembers of trees that are not there.
    if (remembered.size > 0) trouble ??= 'cut'
    const events = known.filter(({ isTop }) => !isTop)
    const counted = events.length > 0 ? events : known
    if (known.length === 0 && before.some(({ size }) => size > 0)) trouble ??= 'empty'
    standings.push({
      name: anchor.name,
      of: events.length > 0 ? 'events' : 'checkpoints',
      behind: counted.reduce((sum, { missing }) => sum + missing, 0),
      trouble,
    })
  }
  return standings
}

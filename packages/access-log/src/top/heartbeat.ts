import { everySoOften, faultFields, type Diagnostics } from '@varco/core'
import { actDraft } from '../act-draft.ts'
import { frontierRoot } from '../merkle/frontier.ts'
import type { LogReadStore } from '../store/log-read-store.ts'
import { TOP_WRITER } from '../store/tree-origin.ts'
import { commitOnce, type TreeAccess } from '../writer/append-once.ts'
import { seenTreesJson } from './top-entries.ts'

export interface HeartbeatOptions extends Omit<TreeAccess, 'writer'> {
  readonly reading: Pick<LogReadStore, 'heads'>
  readonly newRequestId: () => string
}

/**
 * Notes in the top tree where every other tree stands, idle ones too, and publishes the top tree's checkpoint to every anchor.
 * From then on no tree, and no part of one that it covers, can be taken away unseen.
 * @throws UnavailableError when the store cannot be reached
 * @throws whatever an anchor throws that does not take the checkpoint; the others have it then
 */
export async function heartbeat({ reading, newRequestId, ...access }: HeartbeatOptions): Promise<void> {
  const heads = (await reading.heads()).filter(({ writer }) => writer !== TOP_WRITER)
  const trees = heads.map(({ writer, epoch, size, nodes }) => ({
    writer,
    epoch,
    size,
    root: frontierRoot({ size, nodes }),
  }))
  const draft = actDraft('heartbeat', { requestId: newRequestId(), detail: { trees: seenTreesJson(trees) } })
  const { batch } = await commitOnce({ ...access, writer: TOP_WRITER }, () => draft)
  const published = await Promise.allSettled(
    (access.anchors ?? []).map((anchor) => anchor.publish(batch.checkpoint.note)),
  )
  for (const outcome of published) if (outcome.status === 'rejected') throw outcome.reason
}

/** Beats at once and then every so often until disposed of; several processes may beat side by side. */
export function startHeartbeats(
  options: HeartbeatOptions & { readonly everyMs: number; readonly diagnostics: Diagnostics },
): AsyncDisposable {
  const { everyMs, diagnostics, ...rest } = options
  return everySoOften(() => heartbeat(rest), {
    everyMs,
    onFailure: (error) => {
      diagnostics.error('the log could not note where its trees stand', faultFields(error))
    },
  })
}

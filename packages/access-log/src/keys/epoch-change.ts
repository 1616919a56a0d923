import { actDraft } from '../act-draft.ts'
import type { EventDraft } from '../event.ts'
import { frontierRoot } from '../merkle/frontier.ts'
import { hashToBase64 } from '../merkle/hash.ts'
import type { Head } from '../store/log-store.ts'

/** The last event of an epoch: names the key that the next will be signed with. */
export function epochClosed(nextVerifier: string): EventDraft {
  return actDraft('key-rotated', { requestId: 'key-rotation', detail: { verifier: nextVerifier } })
}

/** The first event of the next epoch: says how the one before ended. */
export function epochOpened({ epoch, size, nodes }: Head, verifier: string): EventDraft {
  const root = hashToBase64(frontierRoot({ size, nodes }))
  return actDraft('writer-started', {
    requestId: 'key-rotation',
    detail: { verifier, previous: { epoch, size: String(size), root } },
  })
}

/** The key that a closing event names; `null` for any other event. */
export function closingKey(body: string): string | null {
  const { kind, detail } = JSON.parse(body) as { kind?: unknown; detail?: { verifier?: unknown } }
  return kind === 'key-rotated' && typeof detail?.verifier === 'string' ? detail.verifier : null
}

/** How an opening event says that the epoch before ended; `null` for any other event. */
export function openedAfter(
  body: string,
): { readonly epoch: number; readonly size: number; readonly root: string } | null {
  const { detail } = JSON.parse(body) as {
    detail?: { previous?: { epoch?: unknown; size?: unknown; root?: unknown } }
  }
  const { epoch, size, root } = detail?.previous ?? {}
  return typeof epoch === 'number' && typeof root === 'string' ? { epoch, size: Number(size), root } : null
}

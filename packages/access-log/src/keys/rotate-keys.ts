import { generateKeyPairSync } from 'node:crypto'
import type { LogReadStore } from '../store/log-read-store.ts'
import { TOP_WRITER } from '../store/tree-origin.ts'
import { commitOnce, type TreeAccess } from '../writer/append-once.ts'
import { epochClosed } from './epoch-change.ts'
import { logKeys, type LogKeys } from './log-keys.ts'

/** New signing key, same log and same lookup key: another lookup key would find nobody that was logged before. */
export function nextLogKeys({ origin, lookup, verifier, former }: LogKeys): LogKeys {
  return logKeys(origin, generateKeyPairSync('ed25519').privateKey, lookup, [verifier, ...former])
}

export interface KeyRotation extends Omit<TreeAccess, 'writer'> {
  readonly reading: Pick<LogReadStore, 'heads'>
  readonly next: LogKeys
}

/**
 * Ends the present epoch of every tree, the top tree last, each by an event signed with the old key that names the new one.
 * Processes that hold the old key stop at their next append; whoever comes with the new key opens the next epoch.
 * Stopped half way, it is finished by running it again with the same keys.
 */
export async function rotateKeys({ reading, next, ...access }: KeyRotation): Promise<void> {
  const writers = new Set((await reading.heads()).map(({ writer }) => writer))
  for (const writer of [...[...writers].filter((name) => name !== TOP_WRITER), TOP_WRITER]) {
    if (!writers.has(writer)) continue
    const head = await access.store.head(writer)
    const checkpoint = head === null ? null : await access.store.checkpoint(head, head.size)
    if (head === null || checkpoint === null || (await isClosed(access.store, head))) continue
    const { batch } = await commitOnce({ ...access, writer }, () => epochClosed(next.verifier))
    await Promise.allSettled((access.anchors ?? []).map((anchor) => anchor.publish(batch.checkpoint.note)))
  }
}

async function isClosed(
  store: TreeAccess['store'],
  head: { writer: string; epoch: number; size: number },
): Promise<boolean> {
  const last = await store.find(head, head.size - 1)
  return last !== null && (JSON.parse(last.body) as { kind?: unknown }).kind === 'key-rotated'
}

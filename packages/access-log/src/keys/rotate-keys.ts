import { generateKeyPairSync } from 'node:crypto'
import { openCheckpoint } from '../notes/checkpoint.ts'
import { noteVerifier } from '../notes/note-key.ts'
import type { LogReadStore } from '../store/log-read-store.ts'
import type { LogStore } from '../store/log-store.ts'
import { TOP_WRITER } from '../store/tree-origin.ts'
import { appendOnce, openEpoch, type TreeAccess } from '../writer/append-once.ts'
import { closingKey, epochClosed } from './epoch-change.ts'
import { logKeys, verifiersOf, type LogKeys } from './log-keys.ts'

/** New signing key, same log and same lookup key: another lookup key would find nobody that was logged before. */
export function nextLogKeys(keys: LogKeys): LogKeys {
  const { origin, lookup } = keys
  return logKeys(origin, generateKeyPairSync('ed25519').privateKey, lookup, verifiersOf(keys))
}

export interface KeyRotation extends Omit<TreeAccess, 'writer'> {
  readonly reading: Pick<LogReadStore, 'heads'>
  readonly next: LogKeys
}

/**
 * Ends the present epoch of every tree, the top tree last, each by an event signed with the old key that names the new one; then
 * opens the next of each with the new key. None is left for its writer to open: one that stands still would miss the change after
 * this one, and an epoch that no anchor has seen can be taken away again.
 * Processes that hold the old key stop at their next append.
 * Stopped half way, it is finished by running it again with the same keys.
 */
export async function rotateKeys({ reading, next, ...access }: KeyRotation): Promise<void> {
  const closeAll = async (): Promise<void> => {
    for (const writer of await writersOf(reading)) await closeEpoch({ ...access, writer }, next)
  }
  await closeAll()
  await closeEpoch({ ...access, writer: TOP_WRITER }, next)
  // Until then a process with the old key could still enter a new tree.
  await closeAll()
  // First the top tree, for the others enter their new epochs there.
  for (const writer of [TOP_WRITER, ...(await writersOf(reading))])
    await openEpoch({ ...access, keys: next, writer })
}

/** Every writer but the top tree's. */
async function writersOf(reading: KeyRotation['reading']): Promise<readonly string[]> {
  const names = new Set((await reading.heads()).map(({ writer }) => writer))
  names.delete(TOP_WRITER)
  return [...names]
}

async function closeEpoch(access: TreeAccess, next: LogKeys): Promise<void> {
  if (await isHandedOver(access.store, access.writer, next)) return
  await appendOnce(access, epochClosed(next.verifier))
}

/** Whether the tree is closed for the new key, or written with it already; a tree that is not there has nothing to close. */
async function isHandedOver(store: LogStore, writer: string, next: LogKeys): Promise<boolean> {
  const head = await store.head(writer)
  if (head === null) return true
  const last = await store.find(head, head.size - 1)
  if (last !== null && closingKey(last.body) === next.verifier) return true
  const checkpoint = await store.checkpoint(head, head.size)
  return (
    checkpoint !== null && openCheckpoint(checkpoint.note, [noteVerifier(next.origin, next.signing)]) !== null
  )
}

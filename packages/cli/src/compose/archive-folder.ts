import { createHash, randomUUID, type Hash } from 'node:crypto'
import {
  appendFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  type FileHandle,
} from 'node:fs/promises'
import path from 'node:path'
import { UnavailableError } from '@varco/core'
import type { ArchivedRecord, ArchiveSeal, RetentionArchive } from '@varco/retention'

const MANIFEST = 'manifest.json'
const RECORDS = 'records.jsonl'
const SLICE = /^slice-(\d{16})-.*\.jsonl$/
const SLICE_BEGUN = /^\.?slice-(\d{16})-.*\.jsonl$/
/** Of slices: as much as one share of the records takes in memory, about. */
const SHARE_BYTES = 8 * 1024 * 1024
const MOST_SHARES = 256

export interface ArchiveFolderOptions {
  readonly shareBytes?: number
}

/**
 * Bundles of archived records in a folder, `PLAN/RULE`: one JSON object a line, and a manifest with their digest. Several
 * nodes need one folder they share. What a crash leaves behind are slices: they are joined when the bundle is sealed, share
 * by share, so that no bundle is too large.
 */
export function archiveFolder(
  dir: string,
  { shareBytes = SHARE_BYTES }: ArchiveFolderOptions = {},
): RetentionArchive {
  const folderOf = (plan: string, rule: string): string => path.join(dir, plan, rule)
  return {
    add: (plan, rule, records) =>
      onDisk(async () => {
        const folder = folderOf(plan, rule)
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeDurably(folder, await nextSlice(folder), async (file) => {
          await file.writeFile(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
        })
      }),
    seal: (plan, rule, went) => onDisk(() => seal(folderOf(plan, rule), { plan, rule }, went, shareBytes)),
  }
}

/**
 * Above all that are there, also those only begun: an order that no clock and no restart can turn round. Two nodes may
 * give the same number at once, but not to slices of one record, which one of them holds locked until its slice is written.
 */
async function nextSlice(folder: string): Promise<string> {
  let last = 0n
  for (const name of await readdir(folder)) {
    const number = BigInt(SLICE_BEGUN.exec(name)?.[1] ?? 0)
    if (number > last) last = number
  }
  return `slice-${String(last + 1n).padStart(16, '0')}-${randomUUID()}.jsonl`
}

type Went = Parameters<RetentionArchive['seal']>[2]

async function seal(
  folder: string,
  of: { readonly plan: string; readonly rule: string },
  went: Went,
  shareBytes: number,
): Promise<ArchiveSeal> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const names = (await readdir(folder)).filter((name) => SLICE.test(name)).sort()
  const known = await readFile(path.join(folder, MANIFEST), 'utf8').catch(() => null)
  if (known === null) {
    const shares = await splitInShares(folder, names, shareBytes)
    let records = 0
    const digest = createHash('sha256')
    await writeDurably(folder, RECORDS, async (file) => {
      for (const share of shares) records += await writeShare(file, digest, await readShare(share), went)
    })
    for (const share of shares) await rm(share, { force: true })
    const manifest = { ...of, records, files: [{ name: RECORDS, sha256: digest.digest('hex') }] }
    await writeDurably(folder, MANIFEST, async (file) => {
      await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`)
    })
  }
  // The manifest stands: the slices hold nothing more.
  for (const name of names) await rm(path.join(folder, name))
  const text = await readFile(path.join(folder, MANIFEST), 'utf8')
  return {
    records: (JSON.parse(text) as { records: number }).records,
    manifest: createHash('sha256').update(text).digest('hex'),
  }
}

/** Each slice is read once; lines whose keys hash alike come to lie in one share, in the order of the slices. */
async function splitInShares(
  folder: string,
  names: readonly string[],
  shareBytes: number,
): Promise<readonly string[]> {
  let bytes = 0
  for (const name of names) bytes += (await stat(path.join(folder, name))).size
  const count = Math.min(MOST_SHARES, Math.max(1, Math.ceil(bytes / shareBytes)))
  const shares = Array.from({ length: count }, (_, at) => path.join(folder, `.share-${at}`))
  for (const share of shares) await rm(share, { force: true })
  for (const name of names) {
    const text = await readFile(path.join(folder, name), 'utf8')
    const lines = text.split('\n').filter((line) => line !== '')
    const byShare = Map.groupBy(lines, (line) => shareOf((JSON.parse(line) as ArchivedRecord).key, count))
    for (const [at, its] of byShare)
      await appendFile(shares[at] ?? '', its.map((line) => `${line}\n`).join(''), { mode: 0o600 })
  }
  return shares
}

function shareOf(key: string, count: number): number {
  return Math.floor((Number.parseInt(placeOf(key).slice(0, 4), 16) * count) / 65_536)
}

/** The order of a bundle: it does not depend on how many shares there are. */
function placeOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** One that was added again after a slice failed is kept as it was when it went, which is the last time. */
async function readShare(share: string): Promise<readonly ArchivedRecord[]> {
  const text = await readFile(share, 'utf8').catch(() => '')
  const kept = new Map<string, ArchivedRecord>()
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const record = JSON.parse(line) as ArchivedRecord
    kept.set(record.key, record)
  }
  return [...kept.values()].sort((a, b) => (placeOf(a.key) < placeOf(b.key) ? -1 : 1))
}

async function writeShare(
  file: FileHandle,
  digest: Hash,
  kept: readonly ArchivedRecord[],
  went: Went,
): Promise<number> {
  const gone = await went(kept.map(({ key }) => key))
  const records = kept.filter(({ key }) => gone.has(key))
  const lines = records.map(({ record }) => `${record}\n`).join('')
  digest.update(lines)
  await file.appendFile(lines)
  return records.length
}

/** Under another name until it is on the disk whole. */
async function writeDurably(
  folder: string,
  name: string,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const unfinished = path.join(folder, `.${name}`)
  const file = await open(unfinished, 'w', 0o600)
  try {
    await write(file)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, path.join(folder, name))
  const entry = await open(folder, 'r')
  try {
    await entry.sync()
  } finally {
    await entry.close()
  }
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new UnavailableError('the archive', { cause })
  }
}

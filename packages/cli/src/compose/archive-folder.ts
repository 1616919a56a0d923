import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { UnavailableError } from '@varco/core'
import type { ArchivedRecord, ArchiveSeal, RetentionArchive } from '@varco/retention'

const MANIFEST = 'manifest.json'
const RECORDS = 'records.jsonl'
const SLICE = /^slice-(\d{16})-.*\.jsonl$/

/**
 * Bundles of archived records in a folder, `PLAN/RULE`: one JSON object a line, and a manifest with their digest. Several
 * nodes need one folder they share. What a crash leaves behind are slices: they are joined when the bundle is sealed.
 */
export function archiveFolder(dir: string): RetentionArchive {
  const folderOf = (plan: string, rule: string): string => path.join(dir, plan, rule)
  return {
    add: (plan, rule, records) =>
      onDisk(async () => {
        const folder = folderOf(plan, rule)
        await mkdir(folder, { recursive: true, mode: 0o700 })
        const number = String(process.hrtime.bigint()).padStart(16, '0').slice(-16)
        const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('')
        await writeDurably(folder, `slice-${number}-${randomUUID()}.jsonl`, lines)
      }),
    seal: (plan, rule, went) => onDisk(() => seal(folderOf(plan, rule), { plan, rule }, went)),
  }
}

async function seal(
  folder: string,
  of: { readonly plan: string; readonly rule: string },
  went: Parameters<RetentionArchive['seal']>[2],
): Promise<ArchiveSeal> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const names = (await readdir(folder)).filter((name) => SLICE.test(name)).sort()
  const known = await readFile(path.join(folder, MANIFEST), 'utf8').catch(() => null)
  if (known === null) {
    const { lines, records } = await joined(folder, names, went)
    await writeDurably(folder, RECORDS, lines)
    const manifest = { ...of, records, files: [{ name: RECORDS, sha256: sha256(lines) }] }
    await writeDurably(folder, MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`)
  }
  // The manifest stands: the slices hold nothing more.
  for (const name of names) await rm(path.join(folder, name))
  const text = await readFile(path.join(folder, MANIFEST), 'utf8')
  return { records: (JSON.parse(text) as { records: number }).records, manifest: sha256(text) }
}

/** A record that was added again after a slice failed is kept as it was when it went, which is the last time. */
async function joined(
  folder: string,
  names: readonly string[],
  went: Parameters<RetentionArchive['seal']>[2],
): Promise<{ readonly lines: string; readonly records: number }> {
  const kept = new Map<string, string>()
  for (const name of names) {
    const text = await readFile(path.join(folder, name), 'utf8')
    for (const line of text.split('\n').filter((each) => each !== '')) {
      const { key, record } = JSON.parse(line) as ArchivedRecord
      kept.set(key, record)
    }
  }
  const gone = await went([...kept.keys()])
  const records = [...kept].filter(([key]) => gone.has(key)).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { lines: records.map(([, record]) => `${record}\n`).join(''), records: records.length }
}

/** Under another name until it is on the disk whole. */
async function writeDurably(folder: string, name: string, text: string): Promise<void> {
  const unfinished = path.join(folder, `.${name}`)
  const file = await open(unfinished, 'w', 0o600)
  try {
    await file.writeFile(text)
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

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new UnavailableError('the archive', { cause })
  }
}

import { createHash } from 'node:crypto'
import type { ArchiveSeal, RetentionArchive } from '../archive.ts'

/** An archive that ends with its process. */
export function memoryArchive(): RetentionArchive {
  const added = new Map<string, Map<string, string>>()
  const sealed = new Map<string, ArchiveSeal>()
  return {
    add: async (plan, rule, records) => {
      const place = `${plan}/${rule}`
      const kept = added.get(place) ?? new Map<string, string>()
      for (const { key, record } of records) kept.set(key, record)
      added.set(place, kept)
    },
    seal: async (plan, rule, went) => {
      const place = `${plan}/${rule}`
      const known = sealed.get(place)
      if (known !== undefined) return known
      const kept = added.get(place) ?? new Map<string, string>()
      const gone = await went([...kept.keys()])
      const lines = [...kept]
        .filter(([key]) => gone.has(key))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, record]) => record)
      const seal = {
        records: lines.length,
        manifest: createHash('sha256').update(lines.join('\n')).digest('hex'),
      }
      sealed.set(place, seal)
      return seal
    },
  }
}

import { canonicalJson, microsToIso, type Json } from '@varco/core'
import type { StoredEvent } from '../reader.ts'

/** An event as one line of JSON, with the export's name. */
export function jsonRow(event: StoredEvent, watermark: string): string {
  const row = { ...event, at: microsToIso(event.at), export: watermark }
  return `${canonicalJson(row as unknown as Json)}\n`
}

import type { AccessLogReader, StoredEvent } from '@varco/access-log'
import type { AccessCounts } from '../../src/home/access-counts.ts'

/** The counts of a small log, made by walking through it. */
export function countsFromReader(reader: AccessLogReader): AccessCounts {
  return {
    count: async ({ from, to }) => {
      const events: StoredEvent[] = []
      let after: string | null = null
      do {
        const page = await reader.search({
          from,
          to,
          kind: 'access',
          limit: 500,
          ...(after === null ? {} : { after }),
        })
        events.push(...page.events)
        after = page.next
      } while (after !== null)
      return events.map((event) => ({
        hour: Number((event.at - from) / 3_600_000_000n),
        processor: event.processor,
        purpose: event.purpose,
        decision: event.decision ?? 'deny',
        reason: event.decision === 'deny' ? (event.reasons[0] ?? null) : null,
        masked: event.decision === 'permit' && event.masked.length > 0,
        count: 1,
      }))
    },
  }
}

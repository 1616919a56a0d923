import type { AccessLogReader, StoredEvent } from '@varco/access-log'
import { microsToIso } from '@varco/core'
import { monthIn } from '../document/calendar.ts'
import type { AccessFigure, AccessFigures } from '../ports.ts'

/** The figures counted event by event, through the reader: right, and slow. */
export function readerAccessFigures(reader: AccessLogReader): AccessFigures {
  return {
    count: async (from, to, timeZone) => {
      const monthOf = monthIn(timeZone)
      const groups = new Map<string, AccessFigure>()
      const people = new Map<string, Set<string>>()
      let after: string | undefined
      do {
        const page = await reader.search({ from, to, limit: 500, ...(after === undefined ? {} : { after }) })
        for (const event of page.events) {
          const figure = figureOf(event, monthOf(microsToIso(event.at)))
          const key = JSON.stringify(figure)
          const workers = people.get(key) ?? new Set()
          if (event.operator !== null) workers.add(event.operator)
          people.set(key, workers)
          groups.set(key, {
            ...{ ...figure, workers: workers.size },
            count: (groups.get(key)?.count ?? 0) + 1,
          })
        }
        after = page.next ?? undefined
      } while (after !== undefined)
      return [...groups.values()]
    },
  }
}

function figureOf(event: StoredEvent, month: string): Omit<AccessFigure, 'count' | 'workers'> {
  const { kind, decision, processor, contract, purpose, detail } = event
  const report = detail?.['report']
  return {
    ...{ month, kind, decision, processor, contract, purpose },
    report: typeof report === 'string' ? report : null,
  }
}

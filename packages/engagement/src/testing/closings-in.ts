import { asId, type EventId } from '@varco/core'
import type { ToldClosings, WorkClosing, WorkClosings } from '../work/work-closings.ts'
import type { RecordedActs } from './recorded-acts.ts'

/** Closings as recorded acts tell them; each a microsecond after the one before. */
export function closingsIn(log: RecordedActs, since = 1_785_600_000_000_000n): WorkClosings {
  return {
    of: async ({ contract, month }): Promise<ToldClosings> => {
      const told = (kind: string): readonly WorkClosing[] =>
        log.acts.flatMap((act, i) =>
          act.kind === kind && act.contract === contract && act.detail?.['month'] === month
            ? [
                {
                  event: asId<EventId>(`acts.1.${i + 1}`),
                  at: since + BigInt(i),
                  by: act.operator,
                  declared: text(act.detail['declared']) ?? '',
                  replaces: text(act.detail['replaces']),
                  asked: text(act.detail['asked']),
                },
              ]
            : [],
        )
      return { closed: told('work-month-closed'), asked: told('work-reclosing-asked') }
    },
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

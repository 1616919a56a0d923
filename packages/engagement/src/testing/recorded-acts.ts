import { asId, UnavailableError, type EventId } from '@varco/core'
import type { ActLog, EngagementAct } from '../act-log.ts'

/** Keeps every act; may be told to fail. */
export class RecordedActs implements ActLog {
  readonly acts: EngagementAct[] = []
  failing = false

  async append(act: EngagementAct): Promise<{ readonly id: EventId }> {
    if (this.failing) throw new UnavailableError('access-log')
    this.acts.push(act)
    return { id: asId(`acts.1.${this.acts.length}`) }
  }

  get kinds(): readonly string[] {
    return this.acts.map(({ kind }) => kind)
  }
}

import type { RetentionDesk } from '../desk.ts'
import { runPlan, type RunOptions } from '../run-plan.ts'

/**
 * Goes on with plans that wait for an upstream, whoever had begun them, once it may be asked again; also with those that a
 * process left when it ended. One that fails keeps no other waiting.
 * @throws the first plan's fault, after all plans had their turn
 */
export async function carryOnPutOff(desk: RetentionDesk, options: Omit<RunOptions, 'plan'>): Promise<void> {
  const { outbox, store, clock } = desk
  const faults: unknown[] = []
  for (const [plan, waiting] of Map.groupBy(await outbox.standing(), (each) => each.plan)) {
    if (options.stop?.aborted === true) break
    try {
      const state = (await store.plan(plan))?.state
      const isDue = waiting.some(({ next }) => next <= clock.now())
      // One that is ended early waits for nobody.
      if (state === 'ending' || (state === 'running' && isDue)) await runPlan(desk, { ...options, plan })
    } catch (fault) {
      faults.push(fault)
    }
  }
  if (faults.length > 0) throw faults[0]
}

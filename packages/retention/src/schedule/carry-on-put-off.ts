import type { RetentionDesk } from '../desk.ts'
import { runPlan, type RunOptions } from '../run-plan.ts'
import type { ErrandStanding } from '../upstream/outbox.ts'
import { eachInTurn } from './each-in-turn.ts'

/**
 * Goes on with plans that wait for an upstream, whoever had begun them, once it may be asked again; also with those that a
 * process left when it ended. One that is ended early waits for no upstream: `carryOnEnding` finishes it. One that fails keeps no other
 * waiting.
 * @throws the first plan's fault, after all plans had their turn
 */
export async function carryOnPutOff(desk: RetentionDesk, options: Omit<RunOptions, 'plan'>): Promise<void> {
  const { outbox, store, clock } = desk
  const goOn = async ([plan, waiting]: readonly [string, readonly ErrandStanding[]]): Promise<void> => {
    const state = (await store.plan(plan))?.state
    const isDue = waiting.some(({ next }) => next <= clock.now())
    if (state === 'running' && isDue) await runPlan(desk, { ...options, plan })
  }
  await eachInTurn(
    Map.groupBy(await outbox.standing(), (each) => each.plan),
    goOn,
    options.stop,
  )
}

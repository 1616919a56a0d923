import type { RetentionDesk } from '../desk.ts'
import { runPlan, type RunOptions } from '../run-plan.ts'
import { eachInTurn } from './each-in-turn.ts'

/** Whoever asks for a plan's end closes it as well: they are given a moment for it. */
const THEIRS_US = 60_000_000n

/**
 * Finishes plans that were ended early and that a process left open, whoever had begun them. One that fails keeps no other
 * waiting.
 * @throws the first plan's fault, after all plans had their turn
 */
export async function carryOnEnding(desk: RetentionDesk, options: Omit<RunOptions, 'plan'>): Promise<void> {
  const { store, clock } = desk
  const finish = async (plan: string): Promise<void> => {
    const endedAt = (await store.plan(plan))?.endedEarly?.at
    if (endedAt !== undefined && endedAt + THEIRS_US <= clock.now()) await runPlan(desk, { ...options, plan })
  }
  await eachInTurn(await store.plansEnding(), finish, options.stop)
}

import { expect, test } from 'vitest'
import type { EventDraft } from '@varco/access-log'
import { alertsOf, answerAlert, contestAlert, type AnswerDeps } from '@varco/oversight'
import { commitOf, findingOf, memoryOversightStore } from '@varco/oversight/testing'

const NOW = 1_000_000n

async function desk(
  append: (draft: EventDraft) => void = () => {},
): Promise<AnswerDeps & { id: string; acts: EventDraft[] }> {
  const store = memoryOversightStore()
  await store.commit(commitOf({ findings: [findingOf()] }))
  const id = (await store.alerts({ limit: 1 }))[0]?.id ?? ''
  const acts: EventDraft[] = []
  return {
    ...{ store, id, acts, clock: { now: () => NOW }, newRequestId: () => 'r-1' },
    log: {
      append: async (draft) => {
        append(draft)
        acts.push(draft)
        return {} as never
      },
    },
  }
}

test('confirming is in the log, and starts the 72 hours', async () => {
  const deps = await desk()
  const answer = { id: deps.id, state: 'confirmed', by: 'DPO-1', reason: 'admitted by the worker' } as const
  const notifyBy = NOW + 72n * 3_600_000_000n
  expect(await answerAlert(deps, answer)).toEqual({ refused: null, notifyBy })
  expect(deps.acts).toMatchObject([
    {
      kind: 'alert-answered',
      operator: 'DPO-1',
      detail: { alert: deps.id, state: 'confirmed', notifyBy: String(notifyBy) },
    },
  ])
  // The reason may name people, and the log never forgets.
  expect(JSON.stringify(deps.acts)).not.toContain('admitted')
  expect(await answerAlert(deps, { ...answer, state: 'explained' })).toEqual({ refused: 'answered-before' })
})

test('nobody answers an alert about themselves, or without a reason', async () => {
  const deps = await desk()
  const answer = { id: deps.id, state: 'explained', by: 'AUR-1', reason: 'it was nothing at all' } as const
  expect(await answerAlert(deps, answer)).toEqual({ refused: 'own-alert' })
  expect(await answerAlert(deps, { ...answer, by: 'DPO-1', reason: 'no' })).toEqual({ refused: 'no-reason' })
  expect(await answerAlert(deps, { ...answer, by: 'DPO-1', id: 'A-none' })).toEqual({ refused: 'unknown' })
  expect(deps.acts).toEqual([])
})

test('what the log cannot record is not answered', async () => {
  const deps = await desk(() => {
    throw new Error('the log is away')
  })
  await expect(
    answerAlert(deps, { id: deps.id, state: 'explained', by: 'DPO-1', reason: 'a known visit' }),
  ).rejects.toThrow('the log is away')
  expect(await deps.store.alert(deps.id)).toMatchObject({ state: 'open' })
})

test('a worker sees the alerts about them, and contests those alone', async () => {
  const deps = await desk()
  expect(await alertsOf(deps.store, 'AUR-1')).toHaveLength(1)
  expect(await alertsOf(deps.store, 'AUR-2')).toEqual([])
  expect(await contestAlert(deps, { id: deps.id, by: 'AUR-2', text: 'not mine' })).toEqual({
    refused: 'unknown',
  })
  expect(await contestAlert(deps, { id: deps.id, by: 'AUR-1', text: ' ' })).toEqual({ refused: 'no-text' })
  expect(await contestAlert(deps, { id: deps.id, by: 'AUR-1', text: 'a namesake' })).toEqual({
    refused: null,
  })
  expect(await deps.store.alert(deps.id)).toMatchObject({ contests: [{ at: NOW, text: 'a namesake' }] })
  expect(JSON.stringify(deps.acts)).not.toContain('namesake')
})

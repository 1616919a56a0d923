import { createHmac } from 'node:crypto'
import { asId, type DataSubjectRef, type Pseudonym } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { fixtureBundle } from '@varco/policy/testing'
import { restrictOnRequest, settleNotice } from '@varco/retention'
import { memoryNotices, memoryRestrictions } from '@varco/retention/testing'
import { expect, test } from 'vitest'

const PRODUCER = { kind: 'producer', id: 'AA-1' }
const LEAD = { kind: 'lead', id: 'AA-1' }
const DPO = asId<Pseudonym>('DPO-1')

function world() {
  let ids = 0
  return {
    bundle: fixtureBundle,
    restrictions: memoryRestrictions(),
    notices: memoryNotices(),
    recipients: async () => [
      { processor: asId('aurora'), contract: asId('aurora-2026'), resources: ['invoice'], copies: [] },
    ],
    log: { append: async () => {} },
    clock: new ManualClock(1n),
    newId: () => `id-${++ids}`,
    hashKey: (resource: string, key: string) =>
      createHmac('sha256', 'secret of the test').update(`${resource}\0${key}`).digest('hex'),
    pause: async () => {},
  } satisfies Parameters<typeof restrictOnRequest>[0]
}

const asked = (dataSubject: DataSubjectRef) => ({
  ...{ request: 'RQ-2026-000017', dataSubject, by: DPO },
  reason: 'Art. 18(1)(a): the accuracy is contested',
})

test('a recipient is told of each data subject that one request is about, and of each once', async () => {
  const desk = world()
  for (const each of [PRODUCER, LEAD, { ...PRODUCER, id: 'AA-2' }, PRODUCER])
    await restrictOnRequest(desk, asked(each))
  const waiting = await desk.notices.waiting(10)
  expect(waiting.map(({ dataSubject }) => `${dataSubject?.kind}:${dataSubject?.id}`).toSorted()).toEqual([
    'lead:AA-1',
    'producer:AA-1',
    'producer:AA-2',
  ])
})

test('a notice that is settled names nobody, not by its id either', async () => {
  const desk = world()
  await restrictOnRequest(desk, asked(PRODUCER))
  const [notice] = await desk.notices.waiting(1)
  const id = notice?.id ?? ''
  await settleNotice(desk, { id, how: 'told', note: 'prot. 7/2026', by: DPO })
  const settled = await desk.notices.notice(id)
  expect(settled?.settled?.how).toBe('told')
  expect(Object.values(settled ?? {}).map(String)).not.toContainEqual(expect.stringContaining('AA-1'))
})

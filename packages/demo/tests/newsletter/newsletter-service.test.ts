import { startNewsletterService } from '@varco/demo'
import { expect, test } from 'vitest'

const ADA = { lead: 'FIE-00001', email: 'ada@posta.example', since: '2024-05-03T09:00:00Z' }

test('one subscriber is read and taken away, and is not there any more', async () => {
  await using service = await startNewsletterService({ demo: true, subscribers: [ADA] })
  expect(service.isSubscribed(ADA.lead)).toBe(true)
  const ask = (path: string, method = 'GET') => fetch(`${service.base}${path}`, { method })
  expect(await (await ask('/subscribers/FIE-00001')).json()).toEqual(ADA)
  expect((await ask('/subscribers/FIE-00001', 'PUT')).status).toBe(405)
  expect((await ask('/subscribers/FIE-00001', 'DELETE')).status).toBe(204)
  expect(service.isSubscribed(ADA.lead)).toBe(false)
  for (const path of ['/subscribers/FIE-00001', '/subscribers/%E0', '/subscribers', '/'])
    expect((await ask(path, 'DELETE')).status, path).toBe(404)
})

test('it starts only in the demo', async () => {
  await expect(startNewsletterService({ demo: false, subscribers: [] })).rejects.toThrow('only in the demo')
})

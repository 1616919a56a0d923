import { asId } from '@varco/core'
import type { RecipientNotice } from '@varco/retention'
import { expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import { person, type Person } from '../support/person.ts'

const LIST = '/requests/notices'

const notice = (over: Partial<RecipientNotice> = {}): RecipientNotice => ({
  id: 'RQ-2026-000017/erasure/aurora-2026/producer-5f0c21d94b7a3e68',
  ...{ request: 'RQ-2026-000017', act: 'erasure', settled: null, queuedAt: 1_790_000_000_000_000n },
  ...{ processor: asId('aurora'), contract: asId('aurora-2026'), copies: ['console-1.1.9'] },
  ...{ resources: ['invoice'], dataSubject: { kind: 'producer', id: 'P-17' } },
  ...over,
})

async function withNotice(): Promise<OpenConsole> {
  const console = await openConsole()
  await console.retention.desk.notices.queue([notice()])
  return console
}

const href = (id: string) => `/requests/notice?id=${encodeURIComponent(id)}`
const settle = ({ visitor, csrf }: Person, form: Record<string, string> = {}) =>
  visitor.post('/requests/notice', {
    ...{ id: notice().id, how: 'told', note: 'prot. 812/2026, PEC', sure: 'yes', csrf },
    ...form,
  })

test('the queue names recipients and nobody whose data it is; the page of one does, as a disclosure', async () => {
  await using console = await withNotice()
  const { visitor } = await person(console, 'dpo-1')
  expect(await visitor.text('/')).toContain('Un destinatario da informare')
  const list = await visitor.text(LIST)
  for (const words of ['Aurora', 'Cancellazione', 'RQ-2026-000017']) expect(list).toContain(words)
  expect(list).not.toContain('P-17')
  expect(list).toContain(`href="${href(notice().id)}"`)

  const page = await visitor.text(href(notice().id))
  for (const words of ['Produttore · P-17', 'Fattura', 'console-1.1.9']) expect(page).toContain(words)
  const { events } = await console.reader.search({
    ...{ kind: 'log-read', limit: 5 },
    dataSubject: { kind: 'producer', id: 'P-17' },
  })
  expect(events).toMatchObject([{ operator: 'gse-dpo-1', detail: { page: 'notice' } }])
})

test('how it went is noted once, asked twice, with who noted it; then the notice names nobody', async () => {
  await using console = await withNotice()
  const dpo = await person(console, 'dpo-1')
  const asked = await settle(dpo, { sure: '' })
  expect(await asked.text()).toContain('esce dall’elenco e non si riapre')
  expect((await console.retention.desk.notices.notice(notice().id))?.settled).toBeNull()
  expect((await settle(dpo)).status).toBe(303)
  const page = await dpo.visitor.text(`${href(notice().id)}&done=settled`)
  for (const words of ['È stato informato', 'prot. 812/2026, PEC', 'gse-dpo-1']) expect(page).toContain(words)
  expect(page).not.toContain('P-17')
  expect(await dpo.visitor.text(LIST)).toContain('Nessun destinatario è da informare.')
  const { events } = await console.reader.search({ kind: 'recipient-notified', limit: 5 })
  expect(events).toMatchObject([{ operator: 'gse-dpo-1', detail: { how: 'told', processor: 'aurora' } }])
  const again = await settle(dpo)
  expect([again.status, (await again.text()).includes('già conclusa')]).toEqual([400, true])
})

test('one that could not be told is noted with its reason', async () => {
  await using console = await withNotice()
  const dpo = await person(console, 'dpo-1')
  await settle(dpo, { how: 'excepted', note: 'la società non esiste più' })
  expect(await dpo.visitor.text(href(notice().id))).toContain('impossibile o sproporzionato')
})

test.each<[string, Record<string, string>]>([
  ['how', { how: 'forgotten' }],
  ['note', { note: ' ' }],
  ['note', { note: 'x'.repeat(301) }],
])('an outcome that is not right is asked for again: %s', async (field, wrong) => {
  await using console = await withNotice()
  const answer = await settle(await person(console, 'dpo-1'), wrong)
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain(`href="#${field}"`)
  expect((await console.retention.desk.notices.notice(notice().id))?.settled).toBeNull()
})

test.each(['administrator-1', 'auditor-1', 'manager-1', 'approver-1', 'operator-1'])(
  '%s neither sees nor settles one',
  async (sub) => {
    await using console = await withNotice()
    const other = await person(console, sub)
    for (const path of [LIST, href(notice().id)]) expect((await other.visitor.get(path)).status).toBe(403)
    expect((await settle(other)).status).toBe(403)
  },
)

test('a long queue is paged, by ids that have slashes', async () => {
  await using console = await openConsole()
  const many = Array.from({ length: 60 }, (_, n) =>
    notice({
      id: `RQ-2026-${String(n).padStart(6, '0')}/erasure/aurora-2026/producer-5f`,
      queuedAt: BigInt(n),
    }),
  )
  await console.retention.desk.notices.queue(many)
  const { visitor } = await person(console, 'dpo-1')
  const first = await visitor.text(LIST)
  const next = /href="(\/requests\/notices\?after=[^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const second = await visitor.text(next)
  const shown = (page: string) => page.match(/\/requests\/notice\?id=/g)?.length
  expect([shown(first), shown(second)]).toEqual([50, 10])
  expect((await visitor.get(href('no-such'))).status).toBe(404)
})

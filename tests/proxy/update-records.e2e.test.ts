// Changing records through PostgREST's own client, unmodified, in the sample body: real PostgreSQL, token, log.
import { PostgrestClient } from '@supabase/postgrest-js'
import type { StoredEvent } from '@varco/access-log'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must, sampleDesk, type SampleDesk } from '../support/sample-desk.ts'
import { startSampleStack, type SampleStack } from '../support/sample-stack.ts'

const PURPOSE = 'portal-support'

let sample: SampleStack
let desk: SampleDesk
let accountId: string

beforeAll(async () => {
  sample = await startSampleStack({ producers: 300 })
  desk = await sampleDesk(sample, PURPOSE)
  const { rows } = await records().query<{ account_id: string }>(
    `UPDATE gse.portal_account SET status = 'active', segregated = false, phone = '06 0000 0001'
     WHERE producer_id = $1 RETURNING account_id`,
    [desk.ticket.dataSubject],
  )
  accountId = must(rows[0]?.account_id)
})

afterAll(async () => {
  await sample[Symbol.asyncDispose]()
})

function records() {
  return sample.stack.services.databases.records.pool
}

function client(): PostgrestClient {
  return new PostgrestClient(`${must(sample.stack.serving.proxyUrl)}/records`, {
    headers: {
      authorization: `Bearer ${desk.token}`,
      'varco-purpose': PURPOSE,
      'varco-ticket': desk.ticket.id,
    },
  })
}

async function rowOf(id: string): Promise<{ readonly phone: string; readonly email: string } | undefined> {
  const { rows } = await records().query<{ phone: string; email: string }>(
    'SELECT phone, email FROM gse.portal_account WHERE account_id = $1',
    [id],
  )
  return rows[0]
}

async function eventsOf(requestId: string): Promise<readonly StoredEvent[]> {
  const { events } = await sample.stack.services.reader.search({ requestId, limit: 10 })
  return events.toReversed()
}

describe('postgrest-js', () => {
  test('changes what the rule lets an operator change, and gets it back as they may see it', async () => {
    const answer = await client()
      .from('portal_account')
      .update({ phone: '06 0000 0002' })
      .eq('account_id', accountId)
      .select('account_id,phone')
    expect(answer.error).toBeNull()
    expect(answer.data).toEqual([{ account_id: accountId, phone: '***0002' }])
    expect((await rowOf(accountId))?.phone).toBe('06 0000 0002')
  })

  test('without wanting it back, counting, and of one record alone', async () => {
    const from = () => client().from('portal_account')
    const minimal = await from().update({ phone: '06 0000 0003' }).eq('account_id', accountId)
    expect(minimal).toMatchObject({ error: null, status: 204, data: null })
    const counted = await from()
      .update({ phone: '06 0000 0004' }, { count: 'exact' })
      .eq('account_id', accountId)
    expect(counted).toMatchObject({ error: null, count: 1 })
    const single = await from()
      .update({ phone: '06 0000 0006' })
      .eq('account_id', accountId)
      .select('phone')
      .single()
    expect(single).toMatchObject({ error: null, data: { phone: '***0006' } })
    const none = await from().update({ phone: '06 0000 0007' }).eq('account_id', 'GWA-none').select().single()
    expect(none.error?.code).toBe('PGRST116')
    expect((await rowOf(accountId))?.phone).toBe('06 0000 0006')
  })

  test('is refused what no rule lets them change, and other people’s records are out of reach', async () => {
    const before = await rowOf(accountId)
    const from = () => client().from('portal_account')
    const email = await from().update({ email: 'mine@example.org' }).eq('account_id', accountId)
    expect(email.error?.code).toBe('field-not-writable')
    const { rows } = await records().query<{ account_id: string; phone: string }>(
      `SELECT account_id, phone FROM gse.portal_account WHERE producer_id <> $1 AND status = 'active' LIMIT 1`,
      [desk.ticket.dataSubject],
    )
    const other = must(rows[0])
    const theirs = await from().update({ phone: '0' }).eq('account_id', other.account_id).select()
    expect(theirs).toMatchObject({ error: null, data: [] })
    expect((await rowOf(other.account_id))?.phone).toBe(other.phone)
    const invoice = await client().from('invoice').update({ status: 'cancelled' }).eq('invoice_id', 'x')
    expect(invoice.error?.code).toBe('no-rule')
    expect(await rowOf(accountId)).toEqual(before)
  })
})

describe('the log', () => {
  test('has the change before it was made, with commitments and no value', async () => {
    const response = await fetch(
      `${must(sample.stack.serving.proxyUrl)}/records/portal_account?account_id=eq.${accountId}`,
      {
        method: 'PATCH',
        headers: {
          ...{
            authorization: `Bearer ${desk.token}`,
            'varco-purpose': PURPOSE,
            'varco-ticket': desk.ticket.id,
          },
          'content-type': 'application/json',
        },
        body: '{"phone":"06 1234 5678"}',
      },
    )
    expect(response.status).toBe(204)
    const [intended, done, ...others] = await eventsOf(must(response.headers.get('x-request-id')))
    expect(others).toEqual([])
    expect(intended).toMatchObject({
      ...{ action: 'update', resource: 'portal_account', decision: 'permit' },
      changes: [{ field: 'phone', record: 0 }],
      disclosed: { count: 1 },
      detail: { stage: 'intended', records: 1 },
    })
    expect(done?.detail).toEqual({ stage: 'done', of: must(intended).id })
    const { rows } = await sample.stack.services.databases.state.pool.query<{ body: string }>(
      'SELECT body::text FROM varco.events WHERE body::text LIKE $1',
      ['%"action":"update"%'],
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ body }) => body.includes('1234 5678'))).toEqual([])
  })
})

import { isoToMicros } from '@varco/core'
import { expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

/** Late in Rome, the day before in New York. */
const NIGHT = isoToMicros('2026-11-24T00:30:00+01:00') ?? 0n

async function inNewYork(console: OpenConsole): Promise<Visitor> {
  const visitor = console.visitor()
  await visitor.signIn()
  const set = await visitor.get('/time-zone/set?zone=America%2FNew_York&to=%2Flog')
  expect([set.status, set.headers.get('location')]).toEqual([303, '/log'])
  return visitor
}

test('moments, and the days a list is narrowed by, are those of the reader’s clocks', async () => {
  await using console = await openConsole({}, { start: NIGHT })
  const id = await console.access({ ticket: 'T-NIGHT' })
  const rome = console.visitor()
  await rome.signIn()
  expect(await rome.text(`/log/events/${id}`)).toContain('24 novembre 2026 alle ore 00:30:00 CET')
  expect(await rome.text('/log?from=2026-11-23&to=2026-11-23')).not.toContain('T-NIGHT')

  const visitor = await inNewYork(console)
  expect(await visitor.text(`/log/events/${id}`)).toContain('23 novembre 2026 alle ore 18:30:00')
  const day = await visitor.text('/log?from=2026-11-23&to=2026-11-23')
  for (const words of [
    'T-NIGHT',
    '18:30:00',
    '23 novembre 2026',
    'Gli orari sono quelli di America/New_York.',
  ])
    expect(day).toContain(words)
  const today = await visitor.text('/')
  expect(today).toContain('href="/log?from=2026-11-23&amp;to=2026-11-23"')
})

test('a legal term goes by the body’s calendar wherever it is read', async () => {
  await using console = await openConsole({}, { start: NIGHT })
  const visitor = await inNewYork(console)
  const { id } = await console.deps.requests.desk.receive({
    ...{
      right: 'access',
      receivedAt: NIGHT,
      channel: 'post',
      identifier: null,
      replyTo: null,
      by: 'gse-dpo-1',
    },
  })
  const page = await visitor.text(`/requests/${id}`)
  expect(page).toContain('24 novembre 2026')
  expect(page).toContain('24 dicembre 2026')
})

test.each(['Mars/Olympus', '<script>', '', 'Europe/Rome; Path=/x'])(
  'what is no zone is not taken: %s',
  async (zone) => {
    await using console = await openConsole()
    const visitor = console.visitor()
    expect((await visitor.get(`/time-zone/set?zone=${encodeURIComponent(zone)}`)).status).toBe(404)
    visitor.cookies.set('varco-time-zone', encodeURIComponent(zone))
    const page = await visitor.text('/accessibility')
    expect(page).toContain('Gli orari sono quelli di Europe/Rome.')
    expect(page).not.toContain('<script>')
  },
)

test('the choice is offered with the zone in use, and leads back to the page, never elsewhere', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  const page = await visitor.text('/time-zone?to=%2Faccessibility')
  expect(page).toContain('<option value="Europe/Rome" selected="">')
  expect(page).toContain('name="to" value="/accessibility"')
  const evil = await visitor.get('/time-zone/set?zone=UTC&to=https%3A%2F%2Fevil.example')
  expect(evil.headers.get('location')).toBe('/')
})

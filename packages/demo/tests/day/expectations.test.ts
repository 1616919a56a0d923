import path from 'node:path'
import { asId, isoToMicros } from '@varco/core'
import { planDay, sampleCast, sampleOperators, type PlannedRequest } from '@varco/demo'
import { decide, loadBundle, type AccessRequest, type Decision, type Outcome } from '@varco/policy'
import { expect, test } from 'vitest'
import { SAMPLE_CONTRACTS } from '../../src/sample/sample-contracts.ts'

const NOW = isoToMicros('2026-11-24T10:00:00Z') ?? 0n
const NOT_FILTERS = new Set(['select', 'order', 'limit'])

const cast = sampleCast({ now: NOW })
const { requests } = planDay(cast, { seed: 'expectations' })
const loaded = await loadBundle(path.join(import.meta.dirname, '../../../../policies'))
const tickets = new Map(cast.tickets.map((ticket) => [ticket.id, ticket]))
const people = new Map(sampleOperators().map((person) => [`${person.issuer} ${person.username}`, person]))

/** What the proxy asks of the policy for a planned request; `null` where it refuses before asking. */
function question({ credential, operator, resource, query, headers }: PlannedRequest): AccessRequest | null {
  const person = people.get(`${operator.issuer} ${operator.username}`)
  if (credential !== 'own' || person === undefined || (person.to !== null && person.to <= NOW)) return null
  const { role, unit, attributes, pseudonym } = person
  const contract = SAMPLE_CONTRACTS.find(({ id }) => id === operator.contract) ?? null
  const naming = Object.keys(query).every((name) => NOT_FILTERS.has(name) || name === 'producer_id')
  return {
    now: NOW,
    principal: { kind: 'person', pseudonym, role, unit, attributes },
    contract:
      contract === null ? null : { id: contract.id, processor: contract.processor, state: contract.state },
    purpose: headers['varco-purpose'] ?? null,
    ticket: ticketOf(headers['varco-ticket'], operator.contract),
    grant: null,
    action: naming ? 'read' : 'search',
    resource,
  }
}

function ticketOf(sent: string | undefined, contract: string | null): AccessRequest['ticket'] {
  if (sent === undefined) return null
  const ticket = tickets.get(sent)
  if (ticket === undefined || ticket.contract !== contract) return 'unknown'
  const { status, dataSubject } = ticket
  return { id: asId(sent), purpose: asId(ticket.purpose), status, dataSubject, openedAt: NOW - 1n }
}

function fieldsOf(decision: Decision, best: Outcome): readonly string[] {
  return decision.effect === 'deny'
    ? []
    : [...decision.fields].filter(([, field]) => field.best === best).map(([name]) => name)
}

const asked = requests.flatMap((planned) => {
  const request = question(planned)
  return loaded.ok && request !== null ? [{ planned, decision: decide(loaded.bundle, request) }] : []
})

test('the sample bundle permits what the day means to be permitted, and shows each field as the day means', () => {
  const permits = asked.flatMap(({ planned, decision }) =>
    planned.expect.outcome === 'permit' ? [{ planned, decision, meant: planned.expect }] : [],
  )
  expect(permits.length).toBeGreaterThan(1_000)
  for (const { planned, decision, meant } of permits) {
    const what = `${planned.kind}: ${planned.resource}`
    expect(decision.reasons[0]?.code, what).toBe('permitted')
    const selected = planned.query['select']?.split(',') ?? [
      ...fieldsOf(decision, 'plain'),
      ...fieldsOf(decision, 'masked'),
    ]
    const masked = fieldsOf(decision, 'masked')
    expect(selected.filter((field) => masked.includes(field)).toSorted(), what).toEqual(
      meant.masked.toSorted(),
    )
    const hidden = fieldsOf(decision, 'hidden')
    expect(
      selected.filter((field) => hidden.includes(field)),
      what,
    ).toEqual([])
    expect(
      meant.absent.filter((field) => !hidden.includes(field)),
      what,
    ).toEqual([])
    const plain = fieldsOf(decision, 'plain')
    expect(
      Object.keys(planned.query).filter((name) => !NOT_FILTERS.has(name) && !plain.includes(name)),
      what,
    ).toEqual([])
  }
})

test('it denies what the day means to be denied, for the reason the day means', () => {
  const denials = asked.flatMap(({ planned, decision }) =>
    planned.expect.outcome === 'deny' && planned.expect.status === 403
      ? [{ planned, decision, meant: planned.expect }]
      : [],
  )
  expect(denials.length).toBeGreaterThan(200)
  for (const { planned, decision, meant } of denials) {
    expect(decision.effect, planned.kind).toBe('deny')
    expect(meant.codes, `${planned.kind}: ${planned.resource}`).toContain(decision.reasons[0]?.code)
  }
})

import { microsToIso } from '@varco/core'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/sample/day.ts'
import { producerTraits, SAMPLE_CITIZEN, SAMPLE_PRODUCERS } from '../../src/sample/sample-body.ts'
import { AURISPOLA, BRUMALBA, SAMPLE_CONTRACTS } from '../../src/sample/sample-contracts.ts'
import { sampleTickets, ticketHistory } from '../../src/sample/sample-tickets.ts'

const now = instant('2026-11-24T10:00:00+01:00')
const tickets = sampleTickets(now)

describe('sampleTickets', () => {
  it('gives the same tickets for the same instant', () => {
    expect(sampleTickets(now)).toEqual(tickets)
  })

  it('never gives a number twice', () => {
    expect(new Set(tickets.map(({ id }) => id)).size).toBe(tickets.length)
  })

  it('keeps the past when it is asked again another day, but for tickets closed since', () => {
    const later = new Map(
      [...ticketHistory(instant('2026-12-01T10:00:00+01:00'))].map((ticket) => [ticket.id, ticket]),
    )
    for (const ticket of ticketHistory(now)) {
      const { status: _status, closedAt: _closedAt, ...same } = ticket
      expect(later.get(ticket.id)).toMatchObject(ticket.status === 'closed' ? ticket : same)
    }
  })

  it('opens tickets within the contract and for what its enquiries are about', () => {
    const contracts = new Map(SAMPLE_CONTRACTS.map((contract) => [contract.id, contract]))
    for (const ticket of tickets) {
      expect(ticket.openedAt).toBeLessThan(now)
      expect(ticket.closedAt === null).toBe(ticket.status === 'open')
      const closedAt = ticket.closedAt ?? now
      expect(closedAt > ticket.openedAt && closedAt <= now).toBe(true)
      if (ticket.contract === null) continue
      const contract = contracts.get(ticket.contract)
      expect(contract?.enquiries.map(([purpose]) => purpose)).toContain(ticket.purpose)
      expect(ticket.openedAt >= (contract?.from ?? now) && ticket.openedAt < (contract?.to ?? 0n)).toBe(true)
    }
  })

  it('gives every operator on shift three open tickets of the hours before', () => {
    const shift = tickets.filter(
      ({ contract, id }) => contract === AURISPOLA.id && id.startsWith('T-20261124-'),
    )
    expect(shift.length).toBe(112 * 4)
    expect(shift.filter(({ status }) => status === 'open').length).toBe(112 * 3)
    expect(
      microsToIso(shift.reduce((first, { openedAt }) => (openedAt < first ? openedAt : first), now)) >=
        '2026-11-24T04:00',
    ).toBe(true)
  })

  it('has a shift on a Sunday night too', () => {
    const night = sampleTickets(instant('2026-11-22T03:00:00+01:00'))
    expect(
      night.filter(({ contract, status }) => contract === AURISPOLA.id && status === 'open').length,
    ).toBeGreaterThan(336)
  })

  it('puts the same citizen before several operators, and before the office that answers Art. 15', () => {
    const about = tickets.filter(
      ({ dataSubject, status }) => dataSubject === SAMPLE_CITIZEN.id && status === 'open',
    )
    expect(about.filter(({ contract }) => contract === AURISPOLA.id).length).toBeGreaterThanOrEqual(10)
    expect(
      about.filter(({ contract, purpose }) => contract === null && purpose === 'subject-access').length,
    ).toBe(1)
  })

  it('leaves the insolvent contractor’s last tickets open', () => {
    expect(
      tickets.filter(({ contract, status }) => contract === BRUMALBA.id && status === 'open').length,
    ).toBeGreaterThan(0)
  })

  it('is never about a segregated file, and about nobody who does not exist', () => {
    const allowed = (producers: number): ReadonlySet<string> =>
      new Set(
        Array.from({ length: producers }, (_, index) => producerTraits(index)).flatMap(
          ({ producerId, segregated }) => (segregated ? [] : [producerId]),
        ),
      )
    for (const [list, producers] of [
      [tickets, SAMPLE_PRODUCERS],
      [sampleTickets(now, 150), 150],
    ] as const) {
      const known = allowed(producers)
      expect(list.filter(({ dataSubject }) => dataSubject === null || !known.has(dataSubject))).toEqual([])
    }
  })
})

import { requestDemoToken, sampleCast, type CastMember, type CastTicket } from '@varco/demo'
import type { SampleStack } from './sample-stack.ts'

/** An operator at work with an open ticket and a token of their own. */
export interface SampleDesk {
  readonly operator: CastMember
  readonly ticket: CastTicket
  readonly token: string
}

/** Someone of the contact centre at work in the sample body, and a ticket of their contract for the purpose. */
export async function sampleDesk({ stack }: SampleStack, purpose: string): Promise<SampleDesk> {
  const { sample: body, identityProvider } = stack
  const cast = sampleCast({ now: body.loadedAt, producers: body.producers })
  const operator = must(
    cast.members.find(
      ({ contract, standing, role }) =>
        contract !== null && standing === 'working' && role === 'contact-centre.operator',
    ),
  )
  const ticket = must(
    cast.tickets.find(
      (each) => each.contract === operator.contract && each.purpose === purpose && each.status === 'open',
    ),
  )
  const address = must(identityProvider.addresses[operator.issuer])
  return { operator, ticket, token: (await requestDemoToken(address, operator)).accessToken }
}

export function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the sample body lacks what this test needs')
  return value
}

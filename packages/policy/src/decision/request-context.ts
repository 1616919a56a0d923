import { microsToIso } from '@varco/core'
import { Temporal } from 'temporal-polyfill'
import type { Bundle } from '../bundle/bundle.ts'
import type { Context } from '../condition/context.ts'
import type { Reference } from './condition.ts'
import type { AccessRequest, Scalar } from './request.ts'

/** What a rule's references stand for in one request. Attributes that were not given are not known. */
export class RequestContext implements Context {
  readonly #bundle: Bundle
  readonly #request: AccessRequest

  constructor(bundle: Bundle, request: AccessRequest) {
    this.#bundle = bundle
    this.#request = request
  }

  valueOf(reference: Reference, type: 'date' | 'other'): Scalar | readonly Scalar[] | undefined {
    switch (reference.scope) {
      case 'principal':
        return this.#ofPrincipal(reference.name)
      case 'contract':
        return this.#ofContract(reference.name)
      case 'ticket':
        return this.#ofTicket(reference.name)
      case 'grant':
        return this.#ofGrant(reference.name)
      case 'now':
        return type === 'date' ? this.#today() : microsToIso(this.#request.now)
    }
  }

  #ofPrincipal(name: string): Scalar | readonly Scalar[] | undefined {
    const { principal } = this.#request
    if (name === 'unit' || name === 'role' || name === 'kind' || name === 'pseudonym') return principal[name]
    return Object.hasOwn(principal.attributes, name) ? principal.attributes[name] : undefined
  }

  #ofContract(name: string): Scalar | undefined {
    const facts = this.#request.contract
    if (facts === null) return undefined
    if (name === 'id') return facts.id
    if (name === 'processor') return facts.processor
    const document = this.#bundle.contracts.get(facts.id)?.document
    if (name === 'from') return document?.from
    return name === 'to' ? document?.to : undefined
  }

  #ofTicket(name: string): Scalar | undefined {
    const { ticket } = this.#request
    if (ticket === null || ticket === 'unknown') return undefined
    switch (name) {
      case 'id':
      case 'status':
      case 'purpose':
        return ticket[name]
      case 'data_subject':
        return ticket.dataSubject ?? undefined
      case 'opened_at':
        return microsToIso(ticket.openedAt)
      default:
        return undefined
    }
  }

  #ofGrant(name: string): Scalar | undefined {
    const { grant } = this.#request
    if (grant === null) return undefined
    switch (name) {
      case 'id':
      case 'resource':
        return grant[name]
      case 'record':
        return grant.record ?? undefined
      case 'data_subject':
        return grant.dataSubject ?? undefined
      case 'expires_at':
        return microsToIso(grant.expiresAt)
      default:
        return undefined
    }
  }

  /** The calendar day of the bundle's time zone. */
  #today(): string {
    return Temporal.Instant.fromEpochNanoseconds(this.#request.now * 1000n)
      .toZonedDateTimeISO(this.#bundle.document.varco.time_zone)
      .toPlainDate()
      .toString()
  }
}

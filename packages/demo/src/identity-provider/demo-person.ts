import { createHash, timingSafeEqual } from 'node:crypto'
import type { Localized } from '@varco/core'

/** A person who can log in at one demo issuer. Invented, password included. */
export interface DemoPerson {
  /** The `sub` of every token. */
  readonly sub: string
  readonly username: string
  readonly password: string
  readonly name?: string
  /** What this person does here. Who has one is offered on the login page, the others type their username. */
  readonly does?: Localized
}

/** The people of one issuer: an issuer vouches for nobody else. */
export interface People {
  /** `null` for an unknown username and for a wrong password alike. */
  check(username: string, password: string): DemoPerson | null
  bySub(sub: string): DemoPerson | null
  readonly offered: readonly DemoPerson[]
}

export function peopleOf(persons: readonly DemoPerson[]): People {
  const byUsername = new Map(persons.map((person) => [person.username, person]))
  const bySub = new Map(persons.map((person) => [person.sub, person]))
  return {
    check: (username, password) => {
      const person = byUsername.get(username)
      return person !== undefined && sameText(person.password, password) ? person : null
    },
    bySub: (sub) => bySub.get(sub) ?? null,
    offered: persons.filter((person) => person.does !== undefined),
  }
}

function sameText(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

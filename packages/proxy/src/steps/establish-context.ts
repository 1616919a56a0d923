import { establishContext as establish, type Context } from '@varco/engagement'
import { REASONS } from '@varco/policy'
import type { Identity } from '../identity/token-verifier.ts'
import { refusal } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import type { Statement, Visit } from '../visit.ts'
import { isStatedId } from './stated-id.ts'

export type Established = Extract<Context, { established: true }>

const HEADERS = {
  purpose: 'varco-purpose',
  ticket: 'varco-ticket',
  grant: 'varco-grant',
  workstation: 'varco-workstation',
  instructedBy: 'varco-instructed-by',
} as const

/** Step 2: as whom, under which contract and for which ticket. */
export async function establishContext(visit: Visit, identity: Identity): Promise<Established | Refusal> {
  const { gate, bundle, now, trail } = visit
  const { statement, malformed } = readStatement(visit)
  trail.statement = statement
  const context = await establish(gate.engagement, bundle, { ...identity, ...statement }, now)
  trail.attribution = context.attribution
  trail.workload = context.established && context.principal.kind === 'workload'
  if (malformed.length > 0) return refusal('invalid-header', { hint: expectedOf(malformed) })
  if (context.established) {
    // What is said of this one access comes before what was said beforehand of all.
    trail.statement = { ...statement, instructedBy: statement.instructedBy ?? context.instructedBy }
    return context
  }
  return { refused: true, status: 403, code: context.reason, text: REASONS[context.reason] }
}

/** The Varco headers go into the log, so they hold ids and nothing else. */
function readStatement({ header }: Visit): {
  readonly statement: Statement
  readonly malformed: readonly string[]
} {
  const malformed: string[] = []
  const read = (name: string): string | null => {
    const sent = header(name)
    if (sent === undefined || sent === '') return null
    if (isStatedId(sent)) return sent
    malformed.push(name)
    return null
  }
  const statement = {
    purpose: read(HEADERS.purpose),
    ticket: read(HEADERS.ticket),
    grant: read(HEADERS.grant),
    workstation: read(HEADERS.workstation),
    instructedBy: read(HEADERS.instructedBy),
  }
  return { statement, malformed }
}

function expectedOf(names: readonly string[]): { it: string; en: string } {
  const list = names.join(', ')
  return {
    it: `${list}: da 1 a 128 caratteri tra lettere, cifre e ._:/-, mai il codice fiscale o il recapito di qualcuno`,
    en: `${list}: 1 to 128 letters, digits and ._:/-, never somebody’s tax code or contact`,
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { requestDemoToken } from '../identity-provider/request-demo-token.ts'
import { sampleIssuers } from '../identity-provider/sample-issuers.ts'
import type { SampleCorrection } from '../sample/sample-corrections.ts'
import type { CastMember, CastTicket, DayCast } from './day-cast.ts'

export interface PlayGrantsOptions {
  readonly cast: DayCast
  /** Of the producers that open tickets of `grantTickets` are about. */
  readonly corrections: readonly SampleCorrection[]
  readonly proxyUrl: string
  /** Issuer to the address where it is reached. */
  readonly addresses: Readonly<Record<string, string>>
}

/** What became of the day's two grants; ids and codes. */
export interface GrantsOfTheDay {
  readonly approved: string
  readonly refused: string
  /** What went otherwise than meant; nothing, or something is wrong. */
  readonly problems: readonly string[]
}

const PURPOSE = 'invoice-enquiry'
const RESOURCE = 'invoice_correction'
const APPROVER = 'approva.fatture'
/** A grant holds on every node within two seconds of its approval. */
const SEEN_WITHIN_MS = 2_000
const LOOK_EVERY_MS = 50

/** The tickets that may be about an invoice somebody has had corrected. */
export function grantTickets({ tickets }: DayCast): readonly CastTicket[] {
  return tickets.filter(
    ({ contract, purpose, status }) => contract !== null && purpose === PURPOSE && status === 'open',
  )
}

/**
 * Two operators are refused a correction's state and ask for it; the unit that owns it lets one see it, and refuses the
 * other. `null` where no ticket of the day is about somebody with a correction.
 */
export async function playGrants(options: PlayGrantsOptions): Promise<GrantsOfTheDay | null> {
  const scene = sceneOf(options)
  if (scene === null) return null
  const { operators, ticket, correction } = scene
  const approver = await credentialOf(staffNamed(APPROVER), options)
  const problems: string[] = []
  const note = (what: string, expected: string | number, seen: string | number): void => {
    if (expected !== seen) problems.push(`${what}: expected ${expected}, got ${seen}`)
  }
  const asked: { id: string; read: () => Promise<Answer> }[] = []
  for (const operator of operators) {
    const desk = deskOf(options.proxyUrl, await credentialOf(operator, options), ticket)
    note('before asking', 'no-grant', (await desk.read(correction.id)).code)
    const answer = await desk.ask(correction.id)
    note('asking', 201, answer.status)
    asked.push({ id: answer.id, read: () => desk.read(correction.id, answer.id) })
  }
  const [one, other] = asked
  if (one === undefined || other === undefined) return null
  const unit = deskOf(options.proxyUrl, approver, null)
  note('approving', 200, (await unit.decide(one.id, 'approve')).status)
  note('refusing', 200, (await unit.decide(other.id, 'refuse')).status)
  const read = await untilShown(one.read)
  note('reading under the grant', 1, read.records)
  note('reading under a refused one', 403, (await other.read()).status)
  return { approved: one.id, refused: other.id, problems }
}

interface Scene {
  readonly operators: readonly CastMember[]
  readonly ticket: CastTicket
  readonly correction: SampleCorrection
}

function sceneOf({ cast, corrections }: PlayGrantsOptions): Scene | null {
  for (const ticket of grantTickets(cast)) {
    const correction = corrections.find(({ producer }) => producer === ticket.dataSubject)
    const operators = cast.members.filter(
      ({ contract, standing, role }) =>
        contract === ticket.contract && standing === 'working' && role === 'contact-centre.operator',
    )
    if (correction !== undefined && operators.length >= 2)
      return { operators: operators.slice(0, 2), ticket, correction }
  }
  return null
}

interface Answer {
  readonly status: number
  readonly code: string
  readonly id: string
  readonly records: number
}

function deskOf(proxyUrl: string, token: string, ticket: CastTicket | null) {
  const call = async (path: string, init: RequestInit = {}, grant?: string): Promise<Answer> => {
    const response = await fetch(new URL(path, proxyUrl), {
      ...init,
      headers: {
        ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        'varco-purpose': PURPOSE,
        ...(ticket === null ? {} : { 'varco-ticket': ticket.id }),
        ...(grant === undefined ? {} : { 'varco-grant': grant }),
      },
    })
    const body: unknown = await response.json().catch(() => null)
    const { code = '', id = '' } = (body ?? {}) as { readonly code?: string; readonly id?: string }
    return { status: response.status, code, id, records: Array.isArray(body) ? body.length : 0 }
  }
  const post = (path: string, body: object): Promise<Answer> =>
    call(path, { method: 'POST', body: JSON.stringify(body) })
  return {
    read: (correction: string, grant?: string) =>
      call(`/records/${RESOURCE}?correction_id=eq.${encodeURIComponent(correction)}`, {}, grant),
    ask: (record: string) =>
      post('/grants', {
        ...{ resource: RESOURCE, action: 'read', record, minutes: 30 },
        reason: 'chi chiama chiede a che punto è la rettifica',
      }),
    decide: (id: string, how: 'approve' | 'refuse') => post(`/grants/${id}/${how}`, {}),
  }
}

async function untilShown(read: () => Promise<Answer>): Promise<Answer> {
  const end = performance.now() + SEEN_WITHIN_MS
  let answer = await read()
  while (answer.status !== 200 && performance.now() < end) {
    await sleep(LOOK_EVERY_MS)
    answer = await read()
  }
  return answer
}

interface Login {
  readonly issuer: string
  readonly username: string
  readonly password: string
}

function staffNamed(username: string): Login {
  const found = sampleIssuers().flatMap(({ issuer, people }) =>
    people.filter((person) => person.username === username).map((person) => ({ issuer, ...person })),
  )[0]
  if (found === undefined) throw new RangeError('nobody of the sample body has this login')
  return found
}

async function credentialOf(login: Login, { addresses }: PlayGrantsOptions): Promise<string> {
  return (await requestDemoToken(addresses[login.issuer] ?? '', login)).accessToken
}

import { asId, type GrantId, type Micros, type RequestId } from '@varco/core'
import {
  establishContext,
  type Actor,
  type Asker,
  type GrantDesk,
  type Notice,
  type Occasion,
  type WantedGrant,
} from '@varco/engagement'
import {
  assignmentFact,
  contractFact,
  FIXTURE_NOW,
  fixtureEngagement,
  memoryEngagement,
  operatorFact,
  RecordedActs,
  ticketFact,
} from '@varco/engagement/testing'
import { compileBundle, type Bundle, type BundleDocument } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'

const AURORA = 'https://login.aurora.example'

/** The policy's fixture, with grants: an operator may see one antimafia check if the antimafia unit lets them. */
export function grantBundle(change: (document: BundleDocument) => void = () => {}): Bundle {
  const document = structuredClone(fixtureDocument())
  document.varco.roles['contract-manager'] = {
    title: { it: 'Direttore dell’esecuzione', en: 'Contract manager' },
  }
  document.varco.roles['unit-approver'] = { title: { it: 'Responsabile', en: 'Approver' } }
  document.varco.grants = {
    approver_roles: ['unit-approver'],
    longest_minutes: 120,
    break_glass: { roles: ['contact-centre.operator'], longest_minutes: 30, review_within: 'P3D' },
    because: 'Art. 28, par. 3, lett. a, GDPR',
  }
  document.varco.contract_management = {
    roles: ['contract-manager', 'dpo'],
    because: 'Art. 28, par. 3, lett. g, GDPR',
  }
  const open = document.access.findIndex(({ id }) => id === 'cc-antimafia-status')
  document.access.splice(open, 1, {
    ...required(document.access[open]),
    id: 'operator-search',
    actions: ['search'],
  })
  document.access.push({
    id: 'operator-by-grant',
    effect: 'permit',
    role: ['contact-centre.operator'],
    actions: ['read'],
    resource: 'antimafia_check',
    purposes: ['antimafia-status'],
    where: { producer_id: { eq: '$ticket.data_subject' } },
    fields: { plain: ['id', 'producer_id', 'status', 'requested_on'], masked: {}, hidden: [] },
    require: { ticket: 'open', grant: true },
    because: 'Allegato A.5: la data, se l’unità lo autorizza',
  })
  change(document)
  return compileBundle(document)
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the fixture has changed')
  return value
}

export interface GrantWorld {
  readonly desk: GrantDesk
  readonly engagement: ReturnType<typeof memoryEngagement>
  readonly acts: RecordedActs
  readonly told: Notice[]
  readonly bundle: Bundle
  readonly at: (now?: Micros) => Occasion
  readonly asker: (externalId?: string, ticket?: string | null, issuer?: string) => Promise<Asker>
}

export const APPROVER: Actor = {
  operator: asId('gse:pia'),
  pseudonym: asId('GSE-PIA'),
  processor: null,
  contract: null,
  role: 'unit-approver',
  unit: 'antimafia-unit',
}

export const WANTED: WantedGrant = {
  resource: 'antimafia_check',
  record: '7',
  dataSubject: null,
  action: 'read',
  purpose: 'antimafia-status',
  reason: 'the caller asks for the day of the request',
  minutes: 60,
}

export function grantWorld(bundle: Bundle = grantBundle()): GrantWorld {
  const engagement = memoryEngagement(fixtureEngagement())
  // Bea works beside Anna; the antimafia ticket is their company's.
  void engagement.putMany({
    operators: [operatorFact({ id: asId('aurora:bea'), externalId: 'bea' })],
    assignments: [assignmentFact({ operator: asId('aurora:bea'), pseudonym: asId('AUR-BEA') })],
    contracts: [contractFact()],
    tickets: [ticketFact({ id: asId('T-own'), contract: null, purpose: asId('antimafia-status') })],
  })
  const acts = new RecordedActs()
  const told: Notice[] = []
  let given = 0
  const desk: GrantDesk = {
    store: engagement,
    engagement,
    log: acts,
    notices: { tell: (notice) => told.push(notice) },
    newGrantId: () => asId<GrantId>(`G-${++given}`),
  }
  return {
    ...{ desk, engagement, acts, told, bundle },
    at: (now = FIXTURE_NOW) => ({ bundle, now, requestId: asId<RequestId>('req-1') }),
    asker: async (externalId = 'anna', ticket = 'T-antimafia', issuer = AURORA) => {
      const context = await establishContext(
        engagement,
        bundle,
        { issuer, externalId, ticket, grant: null },
        FIXTURE_NOW,
      )
      if (!context.established) throw new Error('the context was not established')
      const { attribution, contract, operator, principal } = context
      const { pseudonym, role, unit } = principal
      const actor = {
        operator,
        pseudonym,
        role,
        unit,
        processor: attribution.processor,
        contract: contract?.id ?? null,
      }
      return { actor, principal, contract, ticket: context.ticket }
    },
  }
}

import type { GrantId, Localized, Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import type { Grant } from './grant.ts'

/** What a unit is told. Names of people and records are not in it: they are read where reading is recorded. */
export interface Notice {
  readonly kind: 'grant-asked' | 'glass-broken'
  readonly unit: string
  /** The unit's address; `null` where the bundle has none. */
  readonly email: string | null
  readonly grant: GrantId
  readonly contract: string | null
  readonly resource: string
  readonly purpose: string
  readonly at: Micros
  /** For `glass-broken`, by when it must be reviewed. */
  readonly reviewDue: Micros | null
  readonly headline: Localized
}

/** How units are told; an adapter sends them on by mail or to an address. */
export interface Notices {
  /** Never throws and never delays: what cannot be delivered is for the adapter to say. */
  tell(notice: Notice): void
}

export const NO_NOTICES: Notices = { tell: () => {} }

export function noticeOf(bundle: Bundle, grant: Grant): Notice {
  const { units } = bundle.document.varco
  const { resource, purpose } = grant.matter
  const title = bundle.resources.get(resource)?.document.title ?? { it: resource, en: resource }
  return {
    kind: grant.emergency === null ? 'grant-asked' : 'glass-broken',
    unit: grant.owner,
    email: units[grant.owner]?.email ?? null,
    grant: grant.id,
    contract: grant.contract,
    resource,
    purpose,
    at: grant.askedAt,
    reviewDue: grant.emergency?.reviewDue ?? null,
    headline:
      grant.emergency === null
        ? { it: `Richiesta di autorizzazione: ${title.it}`, en: `A grant is asked for: ${title.en}` }
        : {
            it: `Accesso in emergenza da riesaminare: ${title.it}`,
            en: `Emergency access, to be reviewed: ${title.en}`,
          },
  }
}

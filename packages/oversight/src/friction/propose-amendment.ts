import {
  compileBundle,
  diffBundles,
  type Bundle,
  type BundleDocument,
  type PolicyDiff,
  type RuleDocument,
} from '@varco/policy'
import type { Friction, FrictionRow } from './friction.ts'

/** A change of the bundle that would spare grants which always follow: a draft for people to weigh, never applied by itself. */
export interface Amendment {
  readonly kind: 'annex' | 'rule'
  readonly contract: string | null
  /** What it rests on. */
  readonly because: FrictionRow
  readonly draft: BundleDocument
  readonly diff: PolicyDiff
}

/** That many grants, and that share of the refusals: less is an exception, and exceptions are what grants are for. */
const GRANTS_AT_LEAST = 10
const SHARE_AT_LEAST = 0.5

/**
 * One draft for each refusal that grants keep following. Outside the annex: the annex gets the purpose, its clause to be
 * agreed. Inside: the rules that demand a grant get a twin without, for the ticket's own data subject.
 */
export function proposeAmendments(bundle: Bundle, { contract, rows }: Friction): readonly Amendment[] {
  return rows.flatMap((because): readonly Amendment[] => {
    const { granted, grantedOf } = because
    if (granted === null || grantedOf === null) return []
    if (granted < GRANTS_AT_LEAST || granted / grantedOf < SHARE_AT_LEAST) return []
    const drafted =
      because.reason === 'outside-annex'
        ? annexDraft(bundle.document, contract, because)
        : ruleDraft(bundle.document, because)
    if (drafted === null) return []
    const diff = diffBundles(bundle, compileBundle(drafted.draft))
    return [{ ...drafted, contract, because, diff }]
  })
}

type Draft = Pick<Amendment, 'kind' | 'draft'>

function annexDraft(
  document: BundleDocument,
  contract: string | null,
  { purpose }: FrictionRow,
): Draft | null {
  if (contract === null || !Object.hasOwn(document.purposes, purpose)) return null
  const clause = 'Da concordare con il fornitore: autorizzazioni ricorrenti'
  return {
    kind: 'annex',
    draft: {
      ...document,
      processors: document.processors.map((processor) => ({
        ...processor,
        contracts: processor.contracts.map((each) =>
          each.id === contract && !each.annex.some((line) => line.purpose === purpose)
            ? { ...each, annex: [...each.annex, { purpose, clause }] }
            : each,
        ),
      })),
    },
  }
}

function ruleDraft(document: BundleDocument, { purpose, resource }: FrictionRow): Draft | null {
  const gated = document.access.filter(
    (rule) =>
      rule.effect === 'permit' &&
      rule.require.grant &&
      rule.resource === resource &&
      (rule.purposes ?? []).includes(purpose),
  )
  if (gated.length === 0) return null
  const twins = gated.map((rule): RuleDocument => ({
    ...rule,
    id: `${rule.id}-by-ticket`.slice(0, 64),
    purposes: [purpose],
    require: { ...rule.require, grant: false, ticket: 'open' },
    because: `${rule.because} (proposta: l’autorizzazione segue quasi sempre)`,
  }))
  return { kind: 'rule', draft: { ...document, access: [...document.access, ...twins] } }
}

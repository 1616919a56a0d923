import { hash } from 'node:crypto'
import { canonicalJson, type Json } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import type { CatalogueDocument } from '../bundle/schema.ts'
import { caseChanges } from './case-changes.ts'
import { NOTHING } from './content.ts'
import { documentChanges } from './document-changes.ts'
import { limitChanges } from './limit-changes.ts'
import { oversightChanges } from './oversight-changes.ts'
import { retentionChanges } from './retention-changes.ts'
import { settingChanges } from './setting-changes.ts'

/** A change that no single decision shows. */
export interface StructuralChange {
  readonly about:
    | 'issuer'
    | 'proof'
    | 'source'
    | 'upstream'
    | 'budget'
    | 'step-up'
    | 'grants'
    | 'role'
    | 'canary'
    | 'contract'
    | 'calendar'
    | 'log'
    | 'copies'
    | 'category'
    | 'alert'
    | 'workers'
    | 'notice'
    | 'purpose'
    | 'data-subject'
    | 'relation'
    | 'processor'
    | 'retention'
    | 'case'
    | 'rule'
    | 'words'
  readonly name: string
  readonly from: string
  readonly to: string
  readonly widens: boolean
}

export function structuralChanges(before: Bundle, after: Bundle): readonly StructuralChange[] {
  return [
    ...issuers(before, after),
    ...proofs(before, after),
    ...contracts(before, after),
    ...sources(before, after),
    ...upstreams(before, after),
    ...limitChanges(before, after),
    ...settingChanges(before, after),
    ...oversightChanges(before, after),
    ...retentionChanges(before.document, after.document),
    ...caseChanges(before.document, after.document),
    ...documentChanges(before.document, after.document),
  ]
}

/** Who may vouch for whom. Any issuer that is new, or vouches for another, lets others in. */
function issuers(before: Bundle, after: Bundle): readonly StructuralChange[] {
  const voucher = (bundle: Bundle, issuer: string): string =>
    bundle.issuers.has(issuer) ? (bundle.issuers.get(issuer) ?? 'the controller') : NOTHING
  return [...new Set([...before.issuers.keys(), ...after.issuers.keys()])]
    .map((name) => ({
      about: 'issuer' as const,
      name,
      from: voucher(before, name),
      to: voucher(after, name),
    }))
    .filter(({ from, to }) => from !== to)
    .map((change) => ({ ...change, widens: change.to !== NOTHING }))
}

/** Under another company a contract is another's people, vouched for by another issuer. */
function contracts(before: Bundle, after: Bundle): readonly StructuralChange[] {
  return [...before.contracts].flatMap(([id, { processor: from }]) => {
    const to = after.contracts.get(id)?.processor
    return to === undefined || to === from
      ? []
      : [{ about: 'contract' as const, name: id, from, to, widens: true }]
  })
}

/** What tokens must be bound to. Less than before lets in whoever took a token. */
function proofs(before: Bundle, after: Bundle): readonly StructuralChange[] {
  return [...before.issuers.keys()]
    .filter((name) => after.issuers.has(name))
    .map((name) => ({
      about: 'proof' as const,
      name,
      from: before.proofs.get(name) ?? NOTHING,
      to: after.proofs.get(name) ?? NOTHING,
    }))
    .filter(({ from, to }) => from !== to)
    .map((change) => ({ ...change, widens: change.from !== NOTHING }))
}

/** The same resource read from elsewhere, or about somebody else, is other data under an old name. */
function sources(before: Bundle, after: Bundle): readonly StructuralChange[] {
  const source = (bundle: Bundle, name: string): string => {
    const resource = [...bundle.resources.values()].find((each) => each.name === name)
    if (resource === undefined) return NOTHING
    const { document, dataSubject, key } = resource
    return `${sourceText(document.source)} by ${key}, about ${dataSubject === null ? 'nobody' : `${dataSubject.kind} ${dataSubject.field}`}`
  }
  return [...before.resources.keys()]
    .filter((name) => after.resources.has(name))
    .map((name) => ({
      about: 'source' as const,
      name,
      from: source(before, name),
      to: source(after, name),
      widens: true,
    }))
    .filter(({ from, to }) => from !== to)
}

function sourceText(source: CatalogueDocument['source']): string {
  if ('relation' in source) return source.relation
  const { upstream, delete: removal } = source
  return `upstream ${upstream}${removal === undefined ? '' : `, taken away by ${removal.method} ${removal.path},`}`
}

/** Another address, another route, another key under a field's name: other data may come out. */
function upstreams(before: Bundle, after: Bundle): readonly StructuralChange[] {
  const textOf = (bundle: Bundle, name: string): string => {
    const document = bundle.upstreams.get(name)?.document
    if (document === undefined) return NOTHING
    const content = hash('sha256', canonicalJson(document as Json)).slice(0, 12)
    return `${document.base}, ${document.routes.length} routes, content ${content}`
  }
  return [...new Set([...before.upstreams.keys(), ...after.upstreams.keys()])]
    .map((name) => ({
      about: 'upstream' as const,
      name,
      from: textOf(before, name),
      to: textOf(after, name),
    }))
    .filter(({ from, to }) => from !== to)
    .map((change) => ({ ...change, widens: change.to !== NOTHING }))
}

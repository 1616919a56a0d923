import { createHash } from 'node:crypto'
import {
  canonicalJson,
  type ContractId,
  type FieldName,
  type Json,
  type Micros,
  type PolicyVersion,
  type ProcessorId,
  type PurposeId,
  type ResourceName,
} from '@varco/core'
import { Temporal } from 'temporal-polyfill'
import { readWhere } from '../condition/read-where.ts'
import { gateOf } from '../decision/admission.ts'
import {
  compileRule,
  compileRuleCondition,
  RuleParts,
  type CompiledCondition,
  type CompiledRule,
} from '../decision/compiled-rule.ts'
import { indexRules } from '../decision/rule-index.ts'
import type { Bundle, Contract, Resource } from './bundle.ts'
import { checkReferences } from './check-references.ts'
import { BundleError, withoutFile, type DocumentProblem } from './problem.ts'
import { ProblemList } from './problem-list.ts'
import type { BundleDocument, CatalogueDocument, ProofOfPossession, WhereDocument } from './schema.ts'
import { compileUpstream } from './upstream.ts'

/**
 * Checks a document's references and types and compiles it.
 * @param version the hash it is stored under, when it is
 * @throws BundleError with every problem found
 */
export function compileBundle(
  document: BundleDocument,
  version: PolicyVersion = versionOf(document),
): Bundle {
  const result = tryCompile(document, version)
  if (result.bundle === null) throw new BundleError(result.problems.map(withoutFile))
  return result.bundle
}

export type Compilation =
  | { readonly bundle: Bundle }
  | { readonly bundle: null; readonly problems: readonly DocumentProblem[] }

/** Compiles, or says by path what is wrong. The document has passed `bundleDocumentSchema`. */
export function tryCompile(
  document: BundleDocument,
  version: PolicyVersion = versionOf(document),
): Compilation {
  const problems = new ProblemList()
  checkReferences(document, problems)
  const resources = new Map(
    document.catalogue.map((file) => [file.resource as ResourceName, resourceOf(file)]),
  )
  const rules = compileRules(document, resources, problems)
  if (problems.found.length > 0) return { bundle: null, problems: problems.found }
  const purposes = new Map(
    Object.entries(document.purposes).map(([id, purpose]) => [id as PurposeId, purpose]),
  )
  const contracts = contractsOf(document)
  return {
    bundle: {
      version,
      document,
      resources,
      purposes,
      processors: new Map(
        document.processors.map((processor) => [processor.processor as ProcessorId, processor]),
      ),
      contracts,
      issuers: issuersOf(document),
      proofs: proofsOf(document),
      upstreams: new Map(
        (document.upstreams ?? []).map((upstream) => [
          upstream.upstream,
          compileUpstream(upstream, (name) => [
            ...(resources.get(name as ResourceName)?.fields.keys() ?? []),
          ]),
        ]),
      ),
      rules: indexRules(rules, resources, gateOf(contracts, purposes)),
    },
  }
}

/** SHA-256 of the document's canonical JSON (RFC 8785), in hexadecimal. */
export function versionOf(document: BundleDocument): PolicyVersion {
  return createHash('sha256')
    .update(canonicalJson(document as Json))
    .digest('hex') as PolicyVersion
}

function resourceOf(document: CatalogueDocument): Resource {
  const { data_subject: dataSubject, source } = document
  const [schema = '', table = ''] = 'relation' in source ? source.relation.split('.') : []
  return {
    name: document.resource as ResourceName,
    document,
    relation: 'relation' in source ? { schema, table } : null,
    key: document.key as FieldName,
    dataSubject:
      dataSubject === undefined ? null : { kind: dataSubject.kind, field: dataSubject.field as FieldName },
    fields: new Map(
      Object.entries(document.fields).map(([name, { type, category, nullable }]) => [
        name as FieldName,
        { type, category, nullable },
      ]),
    ),
  }
}

function compileRules(
  document: BundleDocument,
  resources: ReadonlyMap<ResourceName, Resource>,
  problems: ProblemList,
): readonly CompiledRule[] {
  const parts = new RuleParts()
  const conditions = new Map<string, CompiledCondition>()
  return document.access.flatMap((rule, index) => {
    const resource = resources.get(rule.resource as ResourceName)
    // Already reported: the references name no such resource.
    if (resource === undefined) return []
    const needsGrant = rule.require.grant
    const key = [rule.resource, String(needsGrant), written(rule.where)].join('\0')
    const known = 'where' in rule && rule.where === undefined ? undefined : conditions.get(key)
    if (known !== undefined) return compileRule(rule, known, parts)
    const before = problems.count
    const condition =
      'where' in rule
        ? readWhere(rule.where, resource.fields, ['access', index, 'where'], problems)
        : ({ op: 'always' } as const)
    const compiled = compileRuleCondition(condition, needsGrant, resource)
    // A mistake is told at each place where it stands: only what has none is shared.
    if (problems.count === before) conditions.set(key, compiled)
    return compileRule(rule, compiled, parts)
  })
}

/** `undefined` shows as `null`, which no condition may hold: a part that says nothing is not the same as no part. */
function written(where: WhereDocument | undefined): string {
  return where === undefined
    ? ''
    : JSON.stringify(where, (_, value: unknown) => (value === undefined ? null : value))
}

function contractsOf(document: BundleDocument): ReadonlyMap<ContractId, Contract> {
  const startOf = dayStarts(document.varco.time_zone)
  return new Map(
    document.processors.flatMap((processor) =>
      processor.contracts.map((contract) => [
        contract.id as ContractId,
        {
          id: contract.id as ContractId,
          processor: processor.processor as ProcessorId,
          document: contract,
          from: startOf(contract.from, 0),
          to: startOf(contract.to, 1),
          purposes: new Set(contract.annex.map(({ purpose }) => purpose as PurposeId)),
        },
      ]),
    ),
  )
}

/** When a day, or one so many days later, begins in a time zone. Contracts share their days, and asking is slow. */
function dayStarts(timeZone: string): (day: string, later: number) => Micros {
  const known = new Map<string, Micros>()
  return (day, later) => {
    const key = `${day}+${later}`
    const start =
      known.get(key) ??
      Temporal.PlainDate.from(day).add({ days: later }).toZonedDateTime({ timeZone }).epochNanoseconds / 1000n
    known.set(key, start)
    return start
  }
}

function issuersOf(document: BundleDocument): ReadonlyMap<string, ProcessorId | null> {
  return new Map<string, ProcessorId | null>([
    [document.varco.controller.identity_provider.issuer, null],
    ...document.processors.map(
      ({ identity_provider: provider, processor }) => [provider.issuer, processor as ProcessorId] as const,
    ),
  ])
}

function proofsOf(document: BundleDocument): ReadonlyMap<string, ProofOfPossession> {
  const providers = [document.varco.controller, ...document.processors].map((each) => each.identity_provider)
  return new Map(
    providers.flatMap(({ issuer, proof_of_possession: proof }) =>
      proof === undefined ? [] : [[issuer, proof] as const],
    ),
  )
}

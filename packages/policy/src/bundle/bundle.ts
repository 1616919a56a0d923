import type {
  ContractId,
  FieldName,
  Micros,
  PolicyVersion,
  ProcessorId,
  PurposeId,
  ResourceName,
} from '@varco/core'
import type {
  BundleDocument,
  CatalogueDocument,
  ContractDocument,
  FieldType,
  ProcessorDocument,
  ProofOfPossession,
} from './schema.ts'
import type { CompiledRules } from '../decision/rule-index.ts'
import type { Upstream } from './upstream.ts'

/** A table of the body's database. */
export interface Relation {
  readonly schema: string
  readonly table: string
}

/** A resource of the catalogue, ready for use. */
export interface Resource {
  readonly name: ResourceName
  readonly document: CatalogueDocument
  /** `schema.table`, from the bundle: trusted, never from a request; `null`: an upstream alone has the records. */
  readonly relation: Relation | null
  readonly key: FieldName
  readonly dataSubject: { readonly kind: string; readonly field: FieldName } | null
  readonly fields: ReadonlyMap<
    FieldName,
    { readonly type: FieldType; readonly category: string; readonly nullable: boolean }
  >
}

/** A contract with its days turned into instants of the bundle's time zone. */
export interface Contract {
  readonly id: ContractId
  readonly processor: ProcessorId
  readonly document: ContractDocument
  /** Inclusive. */
  readonly from: Micros
  /** Exclusive: the start of the day after the last. */
  readonly to: Micros
  readonly purposes: ReadonlySet<PurposeId>
}

/** A checked, compiled bundle: what decisions are made from. Immutable. */
export interface Bundle {
  readonly version: PolicyVersion
  readonly document: BundleDocument
  readonly resources: ReadonlyMap<ResourceName, Resource>
  readonly purposes: ReadonlyMap<PurposeId, BundleDocument['purposes'][string]>
  readonly processors: ReadonlyMap<ProcessorId, ProcessorDocument>
  readonly contracts: ReadonlyMap<ContractId, Contract>
  /** Which processor (or `null`, the body itself) each trusted issuer vouches for. */
  readonly issuers: ReadonlyMap<string, ProcessorId | null>
  /** What an issuer's tokens must be bound to, for those that must be. */
  readonly proofs: ReadonlyMap<string, ProofOfPossession>
  readonly rules: CompiledRules
  /** JSON APIs behind the gate, by name. */
  readonly upstreams: ReadonlyMap<string, Upstream>
}

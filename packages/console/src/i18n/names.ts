import type { ContractId, FieldName, Locale, ProcessorId, PurposeId, ResourceName } from '@varco/core'
import type { Bundle } from '@varco/policy'

/**
 * What people call the things that the log names by id, by the bundle in force. An id the bundle no longer
 * knows stands for itself: the log is older than the bundle.
 */
export interface Names {
  readonly processor: (id: string) => string
  readonly contract: (id: string) => string
  readonly purpose: (id: string) => string
  readonly resource: (name: string) => string
  readonly field: (resource: string | null, name: string) => string
  readonly role: (id: string) => string
  readonly unit: (id: string) => string
  readonly dataSubject: (kind: string) => string
  readonly retentionRule: (id: string) => string
}

export function namesOf(bundle: Bundle, locale: Locale): Names {
  const { varco } = bundle.document
  const resourceNamed = (name: string) => bundle.resources.get(name as ResourceName)
  return {
    processor: (id) => bundle.processors.get(id as ProcessorId)?.name ?? id,
    contract: (id) => bundle.contracts.get(id as ContractId)?.document.title[locale] ?? id,
    purpose: (id) => bundle.purposes.get(id as PurposeId)?.title[locale] ?? id,
    resource: (name) => resourceNamed(name)?.document.title[locale] ?? name,
    field: (resource, name) =>
      resourceNamed(resource ?? '')?.document.fields[name as FieldName]?.title[locale] ?? name,
    role: (id) => varco.roles[id]?.title[locale] ?? id,
    unit: (id) => varco.units[id]?.title[locale] ?? id,
    retentionRule: (id) => bundle.document.retention.find((rule) => rule.id === id)?.title[locale] ?? id,
    dataSubject: (kind) => varco.data_subjects[kind]?.title[locale] ?? kind,
  }
}

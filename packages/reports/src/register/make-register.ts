import { microsToIso, type Locale, type Micros } from '@varco/core'
import type { Bundle, BundleDocument } from '@varco/policy'
import { contactOf, frameOf } from '../report/parts.ts'
import { recordMaking, type MakingDeps } from '../report/record-making.ts'
import { sayIn, type Say } from '../report/say.ts'
import { titlesOf, type Titles } from '../report/titles.ts'
import { transfersOf } from '../report/transfers.ts'
import { differenceBetween } from './difference.ts'
import type { ProcessingRegister, ProcessingRegisterContent } from './register.ts'
import { describeSecurity } from './describe-security.ts'

/** A bundle and an instant at which it was in force. */
export interface BundleAt {
  readonly bundle: Bundle
  readonly at: Micros
}

export interface RegisterRequest {
  readonly asOf: BundleAt
  /** An earlier state, to tell what changed. */
  readonly comparedWith?: BundleAt
  readonly locale: Locale
  readonly requestedBy: string
}

/** The register of processing as it stood at an instant. @throws UnavailableError when its making cannot be recorded */
export async function makeProcessingRegister(
  deps: MakingDeps,
  request: RegisterRequest,
): Promise<ProcessingRegister> {
  const { asOf, comparedWith, locale } = request
  const content = registerOf(asOf, locale)
  const before = comparedWith === undefined ? null : registerOf(comparedWith, locale)
  const changes =
    before === null
      ? null
      : {
          since: { as_of: before.as_of, policy_version: before.policy_version },
          items: differenceBetween(before, content),
        }
  return recordMaking(deps, { ...content, changes }, { requestedBy: request.requestedBy })
}

function registerOf({ bundle, at }: BundleAt, locale: Locale): ProcessingRegisterContent {
  const say = sayIn(locale)
  const titles = titlesOf(bundle, say)
  const { document } = bundle
  return {
    format: 'varco/processing-register',
    ...frameOf(bundle, locale),
    as_of: microsToIso(at),
    activities: Object.keys(document.purposes).map((purpose) => activityOf(bundle, purpose, titles, say)),
    transfers: transfersOf(document.processors, say),
    security: describeSecurity(bundle, say),
    processors: document.processors.map((processor) => processorOf(processor, titles, say)),
    changes: null,
  }
}

function activityOf(
  bundle: Bundle,
  id: string,
  titles: Titles,
  say: Say,
): ProcessingRegisterContent['activities'][number] {
  const { document } = bundle
  // INVARIANT: `id` is a key of the purposes.
  const purpose = document.purposes[id] as BundleDocument['purposes'][string]
  const rules = document.access.filter(
    (rule) => rule.effect === 'permit' && rule.purposes?.includes(id) === true,
  )
  const archives = distinct(rules.map((rule) => rule.resource))
  return {
    purpose: titles.purpose(id),
    legal_basis: purpose.legal_basis,
    norm: purpose.norm,
    data_subjects: distinct(archives.flatMap((archive) => kindsIn(bundle, archive))).map((kind) => ({
      id: kind,
      title: titles.kind(kind),
    })),
    categories: purpose.categories.map((category) => ({
      ...titles.category(category),
      judicial: document.varco.categories[category]?.judicial ?? false,
    })),
    archives: archives.map((archive) => titles.resource(archive)),
    roles: distinct(rules.flatMap((rule) => rule.role ?? [])).map((role) => titles.role(role)),
    recipients: document.processors.flatMap((processor) =>
      processor.contracts.flatMap((contract) =>
        contract.annex
          .filter((item) => item.purpose === id)
          .map(({ clause }) => ({
            company: titles.company(processor.processor),
            contract: contract.reference,
            clause,
            from: contract.from,
            to: contract.to,
          })),
      ),
    ),
    retention: document.retention
      .filter((rule) => archives.includes(rule.resource))
      .map(({ resource, title, trigger, after, action, because }) => ({
        archive: titles.resource(resource),
        title: say.of(title),
        trigger: titles.trigger({ resource, trigger }),
        after,
        action,
        because,
      })),
    automated_decisions:
      purpose.automated_decisions === undefined ? null : say.of(purpose.automated_decisions),
  }
}

/** Whose data an archive holds: those it names, or those of the records it points at. */
function kindsIn(bundle: Bundle, archive: string, seen: ReadonlySet<string> = new Set()): string[] {
  const resource = bundle.document.catalogue.find((entry) => entry.resource === archive)
  if (resource === undefined || seen.has(archive)) return []
  if (resource.data_subject !== undefined) return [resource.data_subject.kind]
  return Object.values(resource.relations)
    .filter((relation) => !relation.many)
    .flatMap((relation) => kindsIn(bundle, relation.resource, new Set([...seen, archive])))
}

function processorOf(
  processor: BundleDocument['processors'][number],
  titles: Titles,
  say: Say,
): ProcessingRegisterContent['processors'][number] {
  return {
    company: titles.company(processor.processor),
    country: processor.country,
    contact: contactOf(processor.contact),
    contracts: processor.contracts.map(({ id, reference, title, from, to, mode, annex, exit }) => ({
      id,
      reference,
      title: say.of(title),
      from,
      to,
      mode,
      activities: annex.map(({ purpose, clause }) => ({
        id: purpose,
        title: titles.purpose(purpose).title,
        clause,
      })),
      exit: { delete_within: exit.delete_within, because: exit.because },
    })),
    sub_processors: processor.sub_processors.map(({ name, country, service, from, to }) => ({
      name,
      country,
      service: say.of(service),
      from,
      to: to ?? null,
    })),
  }
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}

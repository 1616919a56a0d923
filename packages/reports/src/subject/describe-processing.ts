import type { RecordsOfResource } from '../ports.ts'
import type { Bundle } from '@varco/policy'
import type { Say } from '../report/say.ts'
import type { AccessTally } from './access-tally.ts'
import type { SubjectReport } from './report.ts'
import type { Titles } from '../report/titles.ts'

type Archive = SubjectReport['archives'][number]
type Purpose = SubjectReport['purposes'][number]

/** What is held and seen, resource by resource: categories, source, retention (Art. 15(1)(b), (d), (g)). */
export function describeArchives(
  bundle: Bundle,
  held: readonly RecordsOfResource[],
  tally: AccessTally,
  titles: Titles,
  say: Say,
): Archive[] {
  const counts = new Map<string, number>(held.map(({ resource, records }) => [resource, records.length]))
  return bundle.document.catalogue
    .filter(({ resource }) => counts.has(resource) || tally.resources.has(resource))
    .map((entry) => ({
      resource: titles.resource(entry.resource),
      description: entry.description === undefined ? null : say.of(entry.description),
      origin: entry.origin === undefined ? null : say.of(entry.origin),
      categories: [...new Set(Object.values(entry.fields).map((field) => field.category))].map((id) => ({
        ...titles.category(id),
        judicial: bundle.document.varco.categories[id]?.judicial ?? false,
      })),
      records: counts.get(entry.resource) ?? 0,
      retention: bundle.document.retention
        .filter((rule) => rule.resource === entry.resource)
        .map(({ id, title, trigger, after, action, because }) => ({
          rule: id,
          title: say.of(title),
          trigger: titles.trigger({ resource: entry.resource, trigger }),
          after,
          action,
          because,
        })),
    }))
}

/**
 * The purposes these records are used for (Art. 15(1)(a)): those of the accesses made and those some rule lets
 * these resources be seen for. Where no rule speaks of a purpose or of a resource, the categories decide.
 */
export function describePurposes(
  bundle: Bundle,
  archives: readonly Archive[],
  tally: AccessTally,
  titles: Titles,
  say: Say,
): Purpose[] {
  const made = tally.purposes
  const permits = bundle.document.access.filter((rule) => rule.effect === 'permit')
  const ruled = new Set(permits.map((rule) => rule.resource))
  const concerns = (id: string, categories: readonly string[]): boolean => {
    const rules = permits.filter((rule) => rule.purposes?.includes(id) === true)
    return archives.some(
      ({ resource, categories: held }) =>
        rules.some((rule) => rule.resource === resource.id) ||
        ((rules.length === 0 || !ruled.has(resource.id)) &&
          held.some((category) => categories.includes(category.id))),
    )
  }
  return Object.entries(bundle.document.purposes)
    .filter(([id, purpose]) => made.has(id) || concerns(id, purpose.categories))
    .map(([id, purpose]) => ({
      ...titles.purpose(id),
      legal_basis: purpose.legal_basis,
      norm: purpose.norm,
      categories: purpose.categories.map((category) => titles.category(category)),
      automated_decisions:
        purpose.automated_decisions === undefined ? null : say.of(purpose.automated_decisions),
      accesses: made.get(id) ?? 0,
    }))
}

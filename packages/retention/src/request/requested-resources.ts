import type { DataSubjectRef } from '@varco/core'
import { approvalOf, type Bundle, type BundleDocument, type Resource } from '@varco/policy'
import type { Temporal } from 'temporal-polyfill'
import { belongingTo } from '../belonging.ts'
import { dueRules, floorEventsOf, floorsOf, floorTerms, type DisposalRule } from '../rules.ts'

type RuleDocument = BundleDocument['retention'][number]
type OnRequest = NonNullable<RuleDocument['on_request']>

/** What a request for erasure does to one resource's records of a data subject, and under which norm. */
export interface RequestedResource {
  readonly resource: Resource
  readonly action: OnRequest
  /** Every record of theirs, whatever term runs. */
  readonly all: DisposalRule
  /** Those that go, or are restricted. */
  readonly rules: readonly DisposalRule[]
  /** By which the others are kept; `null`: the bundle gives none. */
  readonly norm: string | null
}

/**
 * Over the whole graph of a data subject, resource by resource: of several rules the one that keeps most is heeded. What
 * is due goes whatever the request does.
 */
export function requestedResources(
  bundle: Bundle,
  dataSubject: DataSubjectRef,
  today: Temporal.PlainDate,
): readonly RequestedResource[] {
  const due = dueRules(bundle, today)
  const people = { kind: dataSubject.kind, ids: [dataSubject.id] }
  return [...bundle.resources.values()].flatMap((resource) => {
    // What an upstream alone has goes, or stays, with what it hangs on.
    const belonging = resource.relation === null ? null : belongingTo(bundle, resource, people)
    if (belonging === null) return []
    const deciding = mostKeeping(bundle.document.retention.filter((rule) => rule.resource === resource.name))
    const action = deciding?.on_request ?? 'withhold'
    const all: DisposalRule = {
      // No id of the bundle's has a colon.
      id: `request:${resource.name}`,
      ...{ resource, belonging, action: action === 'restrict' ? 'restrict' : 'erase' },
      ...{ masks: undefined, quasiIdentifiers: null, cutoffs: [], events: [] },
      approval: approvalOf(deciding ?? {}),
      owner: deciding?.owner ?? resource.document.owner ?? null,
      title: deciding?.title ?? resource.document.title,
      because: deciding?.because ?? ARTICLE,
      timeZone: bundle.document.varco.time_zone,
    }
    const over = due
      .filter((rule) => rule.resource === resource && rule.action === 'erase')
      .map((rule) => ({ ...rule, id: `due:${rule.id}`, belonging }))
    const asked =
      action === 'erase'
        ? [
            {
              ...all,
              cutoffs: floorsOf(bundle, resource, today),
              events: floorEventsOf(bundle, resource, today),
            },
          ]
        : action === 'restrict'
          ? [all]
          : []
    return [
      {
        ...{ resource, action, all },
        rules: action === 'erase' ? asked : [...over, ...asked],
        norm: floorNorm(bundle, resource) ?? deciding?.because ?? null,
      },
    ]
  })
}

const ARTICLE = 'Art. 17 GDPR'
const KEEPS: readonly OnRequest[] = ['erase', 'restrict', 'withhold']

/** A rule that says nothing of requests withholds, where no other rule of the resource says something. */
function mostKeeping(rules: readonly RuleDocument[]): RuleDocument | null {
  const keeps = ({ on_request: says }: RuleDocument): number => KEEPS.indexOf(says ?? 'withhold')
  const saying = rules.filter(({ on_request: says }) => says !== undefined)
  return (saying.length > 0 ? saying : rules).toSorted((a, b) => keeps(b) - keeps(a))[0] ?? null
}

function floorNorm(bundle: Bundle, resource: Resource): string | null {
  const floors = floorTerms(bundle, resource)
  return floors.length === 0 ? null : floors.map(({ because }) => because).join('; ')
}

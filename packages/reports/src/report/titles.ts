import { asId } from '@varco/core'
import type { Bundle, BundleDocument } from '@varco/policy'
import type { Titled } from './parts.ts'
import type { Say } from './say.ts'

/** What the bundle in force calls things. A thing it no longer knows keeps its id: a report never hides it. */
export interface Titles {
  company(id: string): Titled
  unit(id: string): Titled
  role(id: string): Titled
  resource(name: string): Titled
  field(resource: string, name: string): Titled
  /** From when a retention rule's term runs. */
  trigger(rule: Pick<BundleDocument['retention'][number], 'resource' | 'trigger'>): Titled
  category(id: string): Titled
  kind(id: string): string
  purpose(id: string): { readonly id: string; readonly title: string; readonly plain: string }
  contract(id: string): { readonly id: string; readonly reference: string }
}

export function titlesOf(bundle: Bundle, say: Say): Titles {
  const { units, roles, categories, data_subjects: kinds } = bundle.document.varco
  const catalogue = new Map(bundle.document.catalogue.map((resource) => [resource.resource, resource]))
  const contracts = new Map(
    bundle.document.processors.flatMap((processor) =>
      processor.contracts.map((contract) => [contract.id, contract] as const),
    ),
  )
  const companies = new Map(bundle.document.processors.map((processor) => [processor.processor, processor]))
  const field = (resource: string, name: string): Titled => ({
    id: name,
    title: titleIn(catalogue.get(resource)?.fields ?? {}, name, say),
  })
  return {
    company: (id) => ({ id, title: companies.get(id)?.name ?? id }),
    unit: (id) => ({ id, title: titleIn(units, id, say) }),
    role: (id) => ({ id, title: titleIn(roles, id, say) }),
    resource: (name) => ({ id: name, title: titleOf(catalogue.get(name), name, say) }),
    field,
    trigger: ({ resource, trigger }) => {
      const from = field(resource, trigger.field)
      if (trigger.contract_end !== undefined)
        return {
          id: `${from.id}+contract-end`,
          title: say(
            `${from.title} o, se successiva, fine del contratto`,
            `${from.title} or, if later, the end of the contract`,
          ),
        }
      if (trigger.event === undefined) return from
      const event = say.of(trigger.event.title)
      return {
        id: `${from.id}+${trigger.event.id}`,
        title: say(`${from.title} o, se successivo, ${event}`, `${from.title} or, if later, ${event}`),
      }
    },
    category: (id) => ({ id, title: titleIn(categories, id, say) }),
    kind: (id) => titleIn(kinds, id, say),
    purpose: (id) => {
      const purpose = bundle.purposes.get(asId(id))
      if (purpose !== undefined) return { id, title: say.of(purpose.title), plain: say.of(purpose.plain) }
      return {
        id,
        title: id,
        plain: say(
          `Finalità «${id}», non più nel registro delle finalità in vigore.`,
          `Purpose “${id}”, no longer in the register of purposes in force.`,
        ),
      }
    },
    contract: (id) => ({ id, reference: contracts.get(id)?.reference ?? id }),
  }
}

type WithTitle = { readonly title: { readonly it: string; readonly en: string } }

function titleIn(things: Readonly<Record<string, WithTitle>>, id: string, say: Say): string {
  // Object.hasOwn: an id such as `constructor` must not find what every object inherits.
  return titleOf(Object.hasOwn(things, id) ? things[id] : undefined, id, say)
}

function titleOf(thing: WithTitle | undefined, id: string, say: Say): string {
  return thing === undefined ? id : say.of(thing.title)
}

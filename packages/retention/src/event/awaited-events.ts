import type { Bundle } from '@varco/policy'

type Rule = Bundle['document']['retention'][number]

/** An event of a resource's records that people tell. */
export interface ToldEvent {
  readonly resource: string
  readonly id: string
  readonly title: NonNullable<Rule['trigger']['event']>['title']
  /** The unit whose records these are; `null`: the bundle names none. */
  readonly owner: string | null
}

/** For which events the bundle's terms wait, floors too; each once. */
export function awaitedEvents({ document }: Pick<Bundle, 'document'>): readonly ToldEvent[] {
  const owners = new Map(document.catalogue.map(({ resource, owner }) => [resource, owner ?? null]))
  const events = new Map<string, ToldEvent>()
  for (const { resource, owner, trigger, keep_at_least: floors = [] } of document.retention)
    for (const { event } of [trigger, ...floors.map((floor) => floor.trigger)]) {
      const name = `${resource}/${event?.id}`
      if (event !== undefined && !events.has(name))
        events.set(name, { resource, ...event, owner: owner ?? owners.get(resource) ?? null })
    }
  return [...events.values()]
}

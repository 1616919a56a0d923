import type { AccessLogReader, DisclosureDraft } from '@varco/access-log'
import { MICROS_PER_SECOND, microsToIso, type DataSubjectRef, type Locale, type Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import type { SubjectRecords } from '../ports.ts'
import { InvalidPeriodError } from '../errors.ts'
import { dayIn } from '../document/calendar.ts'
import { frameOf } from '../report/parts.ts'
import { recordMaking, type MakingDeps } from '../report/record-making.ts'
import { sayIn, type Say } from '../report/say.ts'
import { titlesOf, type Titles } from '../report/titles.ts'
import type { BreachScope, BreachScopeContent } from './breach-scope.ts'
import { gatherDisclosures, type CompromisedAccess, type CompromisedBy } from './gather-disclosures.ts'

export interface BreachScopeDeps extends MakingDeps {
  readonly reader: AccessLogReader
  readonly records: SubjectRecords
  /** The bundle in force. */
  readonly bundle: Bundle
}

export interface BreachScopeRequest {
  /** The controller's own number of the incident. */
  readonly reference: string
  readonly description: string
  /** When the controller became aware: the clock of Art. 33(1) starts. */
  readonly awareAt: Micros
  readonly compromised: CompromisedBy
  /** Art. 33(3)(c) and (d), once the controller has written them. */
  readonly consequences?: string
  readonly measures?: string
  /** Whether the people are listed too, for Art. 34; then the log records that they were. */
  readonly withPeople: boolean
  readonly locale: Locale
  readonly requestedBy: string
}

/** A person whose data were reached: for the communication of Art. 34, and for nobody else's eyes. */
export interface BreachedPerson {
  readonly ref: DataSubjectRef
  readonly kind: string
  /** Empty when the records no longer have them. */
  readonly name: readonly string[]
  readonly records: number
  /** Categories seen in plain, and those seen only masked. */
  readonly plain: readonly string[]
  readonly masked: readonly string[]
}

const HOUR = 3_600n * MICROS_PER_SECOND

/**
 * @throws InvalidPeriodError when the period is empty or the controller was aware before it began
 * @throws UnavailableError when log or records cannot be read, or the making cannot be recorded
 */
export async function makeBreachScope(
  deps: BreachScopeDeps,
  request: BreachScopeRequest,
): Promise<{ readonly scope: BreachScope; readonly people: readonly BreachedPerson[] }> {
  const { from, to } = request.compromised
  if (from >= to) throw new InvalidPeriodError('the period ends before it begins')
  if (request.awareAt < from)
    throw new InvalidPeriodError('the controller cannot be aware before the period begins')
  const say = sayIn(request.locale)
  const titles = titlesOf(deps.bundle, say)
  const accesses = await gatherDisclosures(deps.reader, deps.records, deps.bundle, request.compromised)
  const reach = reachOf(deps.bundle, accesses)
  const content = contentOf(deps.bundle, request, accesses, reach, titles, say)
  const people = request.withPeople ? await listPeople(deps, reach, titles) : []
  const disclosures = people.map((person) => disclosureOf(deps.bundle, person.ref))
  const scope = await recordMaking(deps, content, { requestedBy: request.requestedBy, disclosures })
  return { scope, people }
}

/** What was seen of one person. */
interface Reached {
  readonly ref: DataSubjectRef
  readonly records: Set<string>
  readonly plain: Set<string>
  readonly masked: Set<string>
}

/** People reached, under `kind id`. */
type Reach = ReadonlyMap<string, Reached>

function reachOf(bundle: Bundle, accesses: readonly CompromisedAccess[]): Reach {
  const reach = new Map<string, Reached>()
  for (const { event, shown } of accesses) {
    const plain = categoriesOf(bundle, event.resource, event.plain)
    const masked = categoriesOf(bundle, event.resource, event.masked)
    for (const { resource, key, owner } of shown) {
      if (owner === null) continue
      const person = reach.get(nameOf(owner)) ?? {
        ref: owner,
        records: new Set(),
        plain: new Set(),
        masked: new Set(),
      }
      reach.set(nameOf(owner), person)
      person.records.add(`${resource} ${key}`)
      for (const category of plain) person.plain.add(category)
      for (const category of masked) person.masked.add(category)
    }
  }
  return reach
}

function categoriesOf(
  bundle: Bundle,
  resource: string | null,
  fields: readonly string[],
): ReadonlySet<string> {
  return new Set(fields.map((field) => categoryOf(bundle, resource, field)))
}

/** A field the catalogue no longer knows stands for its own category: it is not left out. */
function categoryOf(bundle: Bundle, resource: string | null, field: string): string {
  const fields = bundle.document.catalogue.find((entry) => entry.resource === resource)?.fields ?? {}
  return Object.hasOwn(fields, field) ? (fields[field]?.category ?? field) : field
}

const nameOf = ({ kind, id }: DataSubjectRef): string => `${kind} ${id}`

function contentOf(
  bundle: Bundle,
  request: BreachScopeRequest,
  accesses: readonly CompromisedAccess[],
  reach: Reach,
  titles: Titles,
  say: Say,
): BreachScopeContent {
  const { compromised, awareAt } = request
  const shown = accesses.flatMap((access) => access.shown)
  const records = new Map(shown.map((record) => [`${record.resource} ${record.key}`, record]))
  const instants = accesses.map(({ event }) => event.at).sort((a, b) => (a < b ? -1 : 1))
  const figures = {
    accesses: accesses.length,
    denied: accesses.filter(({ event }) => event.decision === 'deny').length,
    records: records.size,
    data_subjects: reach.size,
    records_without_owner: [...records.values()].filter(({ owner }) => owner === null).length,
    records_erased: accesses.reduce((sum, { erased }) => sum + erased, 0),
    first: isoOf(instants[0]),
    last: isoOf(instants.at(-1)),
  }
  return {
    format: 'varco/breach-scope',
    ...frameOf(bundle, request.locale),
    incident: {
      reference: request.reference,
      description: request.description,
      aware_at: microsToIso(awareAt),
      // Hours run through nights and holidays; Reg. 1182/71 would at most give more.
      notify_by: microsToIso(awareAt + 72n * HOUR),
    },
    scope: {
      from: microsToIso(compromised.from),
      to: microsToIso(compromised.to),
      operator: compromised.operator ?? null,
      company: compromised.processor === undefined ? null : titles.company(compromised.processor),
      contract: compromised.contract === undefined ? null : titles.contract(compromised.contract),
      node: compromised.node ?? null,
      workstation: compromised.workstation ?? null,
      ticket: compromised.ticket ?? null,
      grant: compromised.grant ?? null,
      request: compromised.requestId ?? null,
    },
    figures,
    by_kind: countedBy([...reach.values()], ({ ref }) => ref.kind).map(([kind, people]) => ({
      id: kind,
      title: titles.kind(kind),
      data_subjects: people.length,
    })),
    by_category: byCategory(bundle, reach, titles),
    by_resource: byResource(bundle, accesses, titles),
    by_day: byDay(accesses, bundle.document.varco.time_zone),
    by_operator: countedBy(accesses, ({ event }) =>
      JSON.stringify([event.operator, event.processor, event.unit]),
    ).map(([, group]) => {
      const event = group[0]?.event
      return {
        operator: event?.operator ?? null,
        company: event?.processor == null ? null : titles.company(event.processor),
        unit: event?.unit == null ? null : titles.unit(event.unit),
        accesses: group.length,
      }
    }),
    notification: {
      nature: natureOf(figures, say),
      contact: `${bundle.document.varco.controller.dpo.name}, ${bundle.document.varco.controller.dpo.email}`,
      consequences: request.consequences ?? null,
      measures: request.measures ?? null,
    },
  }
}

function byCategory(bundle: Bundle, reach: Reach, titles: Titles): BreachScopeContent['by_category'] {
  const people = [...reach.values()]
  const categories = new Set(people.flatMap(({ plain, masked }) => [...plain, ...masked]))
  return [...categories]
    .map((category) => ({
      ...titles.category(category),
      judicial: bundle.document.varco.categories[category]?.judicial ?? false,
      in_plain: people.filter(({ plain }) => plain.has(category)).length,
      masked_only: people.filter(({ plain, masked }) => masked.has(category) && !plain.has(category)).length,
    }))
    .sort(
      (a, b) =>
        Number(b.judicial) - Number(a.judicial) || b.in_plain - a.in_plain || a.id.localeCompare(b.id),
    )
}

function byResource(
  bundle: Bundle,
  accesses: readonly CompromisedAccess[],
  titles: Titles,
): BreachScopeContent['by_resource'] {
  const reaching = accesses.filter(({ shown }) => shown.length > 0)
  return countedBy(reaching, ({ event }) => event.resource ?? '').map(([resource, group]) => {
    const fields = (of: 'plain' | 'masked') =>
      [...new Set(group.flatMap(({ event }) => event[of]))].map((field) => ({
        ...titles.field(resource, field),
        category: titles.category(categoryOf(bundle, resource, field)).title,
      }))
    const shown = group.flatMap((access) => access.shown)
    return {
      resource: titles.resource(resource),
      accesses: group.length,
      records: new Set(shown.map((record) => `${record.resource} ${record.key}`)).size,
      data_subjects: new Set(shown.flatMap(({ owner }) => (owner === null ? [] : [nameOf(owner)]))).size,
      plain: fields('plain'),
      masked: fields('masked'),
    }
  })
}

function byDay(accesses: readonly CompromisedAccess[], timeZone: string): BreachScopeContent['by_day'] {
  const dayOf = dayIn(timeZone)
  return [...Map.groupBy(accesses, ({ event }) => dayOf(microsToIso(event.at)))]
    .map(([day, group]) => ({
      day,
      accesses: group.length,
      records: group.reduce((sum, { shown }) => sum + shown.length, 0),
    }))
    .sort((a, b) => a.day.localeCompare(b.day))
}

/** Groups, the largest first. */
function countedBy<T>(items: readonly T[], by: (item: T) => string): [string, T[]][] {
  return [...Map.groupBy(items, by)].sort(([a, x], [b, y]) => y.length - x.length || a.localeCompare(b))
}

function natureOf(
  { accesses, denied, records, data_subjects: people }: BreachScopeContent['figures'],
  say: Say,
): string {
  const seen = say.count(accesses - denied, ['accesso', 'accessi'], ['access', 'accesses'])
  const shown = say.count(records, ['scheda', 'schede'], ['record', 'records'])
  const reached = say.count(people, ['persona', 'persone'], ['person', 'people'])
  return say(
    `Violazione della riservatezza: ${seen} riusciti a ${shown} riguardanti ${reached}, secondo il registro degli accessi.`,
    `Breach of confidentiality: ${seen} that succeeded, to ${shown} about ${reached}, according to the log of accesses.`,
  )
}

async function listPeople(
  { records, bundle }: BreachScopeDeps,
  reach: Reach,
  titles: Titles,
): Promise<BreachedPerson[]> {
  const names = new Map<string, readonly string[]>()
  for (const [kind, group] of Map.groupBy(reach.values(), ({ ref }) => ref.kind)) {
    const found = await records.named(
      bundle,
      kind,
      group.map(({ ref }) => ref.id),
    )
    for (const { ref, name } of found) names.set(nameOf(ref), name)
  }
  const titled = (categories: ReadonlySet<string>) =>
    [...categories].map((category) => titles.category(category).title).sort()
  return [...reach.values()]
    .map(({ ref, records: seen, plain, masked }) => ({
      ref,
      kind: titles.kind(ref.kind),
      name: names.get(nameOf(ref)) ?? [],
      records: seen.size,
      plain: titled(plain),
      masked: titled(masked.difference(plain)),
    }))
    .sort((a, b) => nameOf(a.ref).localeCompare(nameOf(b.ref)))
}

/** Listing a person shows the record that names them. */
function disclosureOf(bundle: Bundle, dataSubject: DataSubjectRef): DisclosureDraft {
  const resource = bundle.document.varco.data_subjects[dataSubject.kind]?.resource ?? dataSubject.kind
  return { resource, recordKey: dataSubject.id, dataSubject }
}

function isoOf(at: Micros | undefined): string | null {
  return at === undefined ? null : microsToIso(at)
}

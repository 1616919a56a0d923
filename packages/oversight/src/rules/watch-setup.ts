import { oversightSettings, type Bundle, type OversightDocument } from '@varco/policy'

/** What the bundle in force means for the watch. */
export interface WatchSetup {
  readonly version: string
  readonly settings: OversightDocument
  readonly timeZone: string
  /** When work begins and ends, the tolerance included, in minutes after midnight. */
  readonly opens: number
  readonly closes: number
  /** Purposes that work by ticket. */
  readonly ticketPurposes: ReadonlySet<string>
  /** Rules that permit only under a grant. */
  readonly grantRules: ReadonlySet<string>
  /** Resources with judicial data (GDPR Art. 10). */
  readonly judicial: ReadonlySet<string>
  /** Data categories of fields, by resource. */
  readonly categories: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** When each contract ends by its dates, in microseconds. */
  readonly contractEnds: ReadonlyMap<string, number>
}

export function watchSetup(bundle: Bundle): WatchSetup {
  const { document } = bundle
  const settings = oversightSettings(bundle)
  const { working_hours: hours } = settings
  const permits = document.access.filter(({ effect }) => effect === 'permit')
  const byTicket = permits
    .filter(({ require }) => require.ticket === 'open')
    .flatMap(({ purposes }) => purposes ?? [])
  const judicialCategories = new Set(
    Object.entries(document.varco.categories).flatMap(([id, { judicial }]) => (judicial ? [id] : [])),
  )
  const categories = new Map(
    document.catalogue.map(({ resource, fields }) => [
      resource,
      new Map(Object.entries(fields).map(([field, { category }]) => [field, category])),
    ]),
  )
  return {
    version: bundle.version,
    settings,
    timeZone: document.varco.time_zone,
    opens: minutesOf(hours.from) - hours.tolerance_minutes,
    closes: minutesOf(hours.to) + hours.tolerance_minutes,
    ticketPurposes: new Set(settings.alerts['no-ticket'].purposes ?? byTicket),
    grantRules: new Set(permits.filter(({ require }) => require.grant).map(({ id }) => id)),
    judicial: new Set(
      [...categories]
        .filter(([, fields]) => [...fields.values()].some((category) => judicialCategories.has(category)))
        .map(([resource]) => resource),
    ),
    categories,
    contractEnds: new Map([...bundle.contracts].map(([id, { to }]) => [id as string, Number(to)])),
  }
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

import type { Locale } from '@varco/core'
import type { DeclaredRow } from '../drift/declared-work.ts'
import type { ScopeDrift } from '../drift/scope-drift.ts'
import type { Friction } from '../friction/friction.ts'
import type { TicketIntegrity, TicketRow } from '../tickets/ticket-integrity.ts'

/** A report as rows of text, the same for the screen, CSV and HTML. `null` is a count held back. */
export interface ReportTable {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

const say =
  (locale: Locale) =>
  (it: string, en: string): string =>
    locale === 'it' ? it : en

/**
 * One line for each purpose, action and category; for what months that run were used for beyond the annex; and for each
 * purpose of which work off the system was declared. What the annex does not cover comes first.
 */
export function driftTable(drift: ScopeDrift, locale: Locale): ReportTable {
  const t = say(locale)
  const dimensions = {
    purpose: t('finalità', 'purpose'),
    action: t('operazione', 'action'),
    category: t('categoria', 'category'),
  }
  const contractedOrNot = (contracted: boolean): string =>
    contracted ? t('sì', 'yes') : t('no (0 %)', 'no (0 %)')
  return {
    title: t(
      `${drift.title.it}: attività svolta e allegato, ${drift.from} – ${drift.to}`,
      `${drift.title.en}: work done and annex, ${drift.from} – ${drift.to}`,
    ),
    columns: [
      ...[t('tipo', 'kind'), t('voce', 'item'), t('affidata', 'contracted'), t('clausola', 'clause')],
      ...[t('accessi', 'accesses'), t('di cui negati', 'of which refused'), t('quota %', 'share %')],
      ...[t('tendenza mensile', 'monthly trend'), t('dal', 'first seen'), t('eventi', 'events')],
      t('ore dichiarate fuori sistema', 'hours declared off the system'),
      ...drift.months,
    ],
    rows: [
      ...(['purpose', 'action', 'category'] as const).flatMap((dimension) =>
        drift.rows[dimension].map((row) => [
          dimensions[dimension],
          row.value === '' ? t('non indicata', 'not given') : row.value,
          contractedOrNot(row.contracted),
          row.clause ?? '',
          row.count,
          row.refused,
          percent(row.share),
          row.trend === null ? '' : row.trend,
          new Date(Number(row.firstSeen / 1_000n)).toISOString().slice(0, 10),
          row.evidence.join(' '),
          '',
          ...row.monthly.map(({ count }) => count),
        ]),
      ),
      ...(drift.running?.outside ?? []).map((row) => [
        `${dimensions[row.dimension]}, ${row.month} (${t('mese in corso', 'month that runs')})`,
        row.value === '' ? t('non indicata', 'not given') : row.value,
        contractedOrNot(false),
        ...['', null, null, null, '', '', '', ''],
        ...drift.months.map(() => ''),
      ]),
      ...drift.declared.rows.map((row) => [
        t('fuori sistema, ore', 'off the system, hours'),
        row.value,
        contractedOrNot(row.contracted),
        row.clause ?? '',
        ...['', '', '', '', '', ''],
        row.hours,
        ...drift.months.map((month) => hoursOf(row, month)),
      ]),
    ],
  }
}

/** Nothing where the month is not closed, or nobody could declare. */
function hoursOf({ monthly }: DeclaredRow, month: string): number | null | '' {
  const found = monthly.find((each) => each.month === month)
  return found === undefined ? '' : found.hours
}

/** One line for each figure, one column for each contract and the body's own units. */
export function ticketTable(report: TicketIntegrity, locale: Locale): ReportTable {
  const t = say(locale)
  const line = (
    name: string,
    of: (row: TicketRow) => string | number | null,
  ): readonly (string | number | null)[] => [name, ...report.rows.map((row) => of(row))]
  const interval = (value: { low: number; high: number } | null): string =>
    value === null ? '' : `${value.low.toFixed(2)} – ${value.high.toFixed(2)}`
  return {
    title: t('Integrità delle pratiche', 'Ticket integrity'),
    columns: ['', ...report.rows.map(({ contract }) => contract ?? t('unità interne', 'own units'))],
    rows: [
      line(t('pratiche', 'tickets'), ({ tickets }) => tickets),
      line(
        t(`episodi (${report.episodeDays} giorni)`, `episodes (${report.episodeDays} days)`),
        ({ episodes }) => episodes,
      ),
      line(t('episodi risolti', 'resolved episodes'), ({ resolvedEpisodes }) => resolvedEpisodes),
      line(t('pratiche per episodio risolto', 'tickets per resolved episode'), (row) =>
        rounded(row.ticketsPerResolvedEpisode),
      ),
      line(t('  intervallo al 95 %', '  95 % interval'), (row) =>
        interval(row.ticketsPerResolvedEpisodeInterval),
      ),
      line(t('frazionate', 'split'), ({ splits }) => splits),
      line(t('tornate dopo la chiusura', 'came back after closing'), ({ reopenings }) => reopenings),
      line(
        t('chiuse prima della soluzione', 'closed before resolution'),
        (row) => row.closedBeforeResolution,
      ),
      line(t('accessi senza pratica', 'accesses without ticket'), (row) => row.accessesWithoutTicket),
      line(t('pratiche senza accessi', 'tickets without access'), (row) => row.ticketsWithoutAccess),
      line(
        t('minuti alla soluzione (mediana)', 'minutes to resolution (median)'),
        (row) => row.minutesToResolution?.median ?? '',
      ),
      line(
        t('minuti alla soluzione (9 su 10)', 'minutes to resolution (9 in 10)'),
        (row) => row.minutesToResolution?.p90 ?? '',
      ),
      line(t('prezzo per pratica, €', 'price per ticket, €'), (row) => row.price?.perTicket ?? ''),
      line(
        t('costo per episodio risolto, €', 'cost per resolved episode, €'),
        (row) => rounded(row.price?.perResolvedEpisode ?? null) ?? '',
      ),
      line(t('  intervallo al 95 %', '  95 % interval'), (row) =>
        interval(row.price?.perResolvedEpisodeInterval ?? null),
      ),
    ],
  }
}

export function frictionTable(report: Friction, locale: Locale): ReportTable {
  const t = say(locale)
  return {
    title: t('Accessi negati e autorizzazioni', 'Refusals and grants'),
    columns: [
      ...[t('finalità', 'purpose'), t('risorsa', 'resource'), t('motivo', 'reason'), t('campo', 'field')],
      ...[t('negati', 'refused'), t('poi autorizzati', 'then granted'), t('minuti', 'minutes')],
      t('mesi le cui autorizzazioni sono riservate', 'months whose grants are held back'),
    ],
    rows: report.rows.map((row) => [
      ...[row.purpose, row.resource, row.reason, row.field],
      ...[row.refusals, row.granted, row.minutesToGrant ?? ''],
      row.grantsHeldBack.join(' '),
    ]),
  }
}

function percent(share: number | null): number | null {
  return share === null ? null : Math.round(share * 10_000) / 100
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100
}

import {
  line,
  lines,
  type Block,
  type Lines,
  type ReportDocument,
  type Section,
} from '../document/document.ts'
import { formatIn, type Format } from '../document/format.ts'
import { HELD_BACK, shownCount } from '../document/held-back.ts'
import { pageWords } from '../document/page-words.ts'
import { makingSection } from '../report/making-section.ts'
import { sayIn, type Say } from '../report/say.ts'
import type { ReportedTickets, TicketReport } from './ticket-report.ts'

interface Page {
  readonly report: TicketReport
  readonly say: Say
  readonly format: Format
}

/** What was paid by ticket, as the contract manager reads it. */
export function ticketDocument(report: TicketReport, hash: string): ReportDocument {
  const say = sayIn(report.locale)
  const format = formatIn(report.locale, report.time_zone)
  const page: Page = { report, say, format }
  const { controller, period } = report
  const [from, to] = [format.date(period.from), format.date(period.to)]
  return {
    locale: report.locale,
    title: say('Pratiche aperte e problemi risolti', 'Tickets opened and matters resolved'),
    subtitle: say(`Dal ${from} al ${to}`, `From ${from} to ${to}`),
    issuer: { short: controller.short, name: controller.name },
    facts: [
      {
        term: say('Titolare', 'Controller'),
        lines: lines(
          controller.contact.name,
          controller.contact.address,
          controller.contact.email,
          controller.contact.phone,
        ),
      },
      {
        term: say('Responsabile della protezione dei dati', 'Data protection officer'),
        lines: lines(controller.dpo.name, controller.dpo.address, controller.dpo.email, controller.dpo.phone),
      },
      {
        term: say('Autorità di controllo', 'Supervisory authority'),
        lines: lines(controller.supervisor.name, controller.supervisor.address, controller.supervisor.web),
      },
      { term: say('Fatta il', 'Made on'), lines: lines(format.instant(report.made.at)) },
      { term: say('Regole in vigore', 'Rules in force'), lines: [line(report.policy_version, 'code')] },
    ],
    opening: openingOf(page),
    sections: [
      matterSection(page),
      traceSection(page),
      costSection(page),
      makingSection(
        report,
        say,
        format,
        say(
          'Le pratiche sono quelle comunicate dalle società; gli accessi sono contati sul registro. Questa relazione è una voce del registro, che ne conserva l’impronta («varco report verify»).',
          'The tickets are those the companies reported; the accesses are counted on the log. This report is an entry of the log, which keeps its fingerprint (“varco report verify”).',
        ),
      ),
    ],
    hash,
    words: pageWords(say),
  }
}

function openingOf({ report, say, format }: Page): readonly Block[] {
  const sum = (of: (row: ReportedTickets) => number): number =>
    report.rows.reduce((total, row) => total + of(row), 0)
  const [tickets, episodes] = [sum((row) => row.tickets), sum((row) => row.episodes)]
  return [
    {
      kind: 'answer',
      text: say(
        `Nel periodo sono state aperte ${format.number(tickets)} pratiche per ${format.number(episodes)} problemi di cittadini.`,
        `In the period ${format.number(tickets)} tickets were opened for ${format.number(episodes)} matters of citizens.`,
      ),
      figures: [
        { value: format.number(tickets), label: say('pratiche', 'tickets') },
        { value: format.number(episodes), label: say('problemi', 'matters') },
        {
          value: format.number(sum((row) => row.splits)),
          label: say('pratiche spezzate', 'tickets split off'),
        },
      ],
    },
    {
      kind: 'paragraph',
      tone: 'normal',
      text: say(
        `Più contatti della stessa persona sullo stesso argomento, ciascuno entro ${format.number(report.episode_days)} giorni dal precedente, sono un solo problema. È risolto quando tutte le sue pratiche sono chiuse. «Spezzata» è una pratica aperta mentre un’altra dello stesso problema era aperta, o entro tre giorni dalla sua apertura.`,
        `Several contacts of one person on one topic, each within ${format.number(report.episode_days)} days of the one before, are one matter. It is resolved when all its tickets are closed. “Split off” is a ticket opened while another of the same matter was open, or within three days of its opening.`,
      ),
    },
  ]
}

function whoOf({ contract }: ReportedTickets, say: Say): Lines {
  if (contract === null) return [line(say('Uffici dell’ente', 'The body’s own units'), 'strong')]
  return [
    line(contract.company.title, 'strong'),
    line(contract.title),
    line(contract.reference, 'muted'),
    line(contract.id, 'code'),
  ]
}

function matterSection({ report, say, format }: Page): Section {
  return {
    id: 'problemi',
    title: say('Pratiche e problemi', 'Tickets and matters'),
    blocks: [
      {
        kind: 'bars',
        caption: say('Pratiche per problema risolto', 'Tickets for each matter resolved'),
        bars: report.rows.map((row) => ({
          label: row.contract?.company.title ?? say('Uffici dell’ente', 'The body’s own units'),
          value: row.tickets_per_resolved_episode ?? 0,
          text: figure(row.tickets_per_resolved_episode, format),
        })),
      },
      {
        kind: 'table',
        caption: say('Per contratto', 'By contract'),
        columns: [
          { title: say('Chi', 'Who'), share: 34 },
          { title: say('Pratiche', 'Tickets'), share: 12, align: 'end' },
          { title: say('Problemi', 'Matters'), share: 12, align: 'end' },
          { title: say('Risolti', 'Resolved'), share: 12, align: 'end' },
          {
            title: say('Pratiche per problema risolto', 'Tickets a matter resolved'),
            share: 30,
            align: 'end',
          },
        ],
        rows: report.rows.map((row) => [
          whoOf(row, say),
          lines(format.number(row.tickets)),
          lines(format.number(row.episodes)),
          lines(format.number(row.resolved_episodes)),
          [
            line(figure(row.tickets_per_resolved_episode, format), 'strong'),
            ...between(row.tickets_per_resolved_episode_interval, say, (n) => format.number(n)),
          ],
        ]),
      },
      {
        kind: 'table',
        caption: say('Come sono state gestite', 'How they were handled'),
        columns: [
          { title: say('Chi', 'Who'), share: 28 },
          { title: say('Spezzate', 'Split off'), share: 14, align: 'end' },
          { title: say('Riaperte', 'Came back'), share: 14, align: 'end' },
          { title: say('Chiuse prima', 'Closed too soon'), share: 16, align: 'end' },
          { title: say('Tempo a risolvere, in minuti', 'Minutes to resolve'), share: 28, align: 'end' },
        ],
        rows: report.rows.map((row) => [
          whoOf(row, say).slice(0, 1),
          lines(format.number(row.splits)),
          lines(format.number(row.reopenings)),
          lines(format.number(row.closed_before_resolution)),
          row.time_to_resolution === null
            ? lines('–')
            : lines(
                say(
                  `mediana ${format.number(row.time_to_resolution.median)}`,
                  `median ${format.number(row.time_to_resolution.median)}`,
                ),
                say(
                  `nove su dieci entro ${format.number(row.time_to_resolution.p90)}`,
                  `nine in ten within ${format.number(row.time_to_resolution.p90)}`,
                ),
              ),
        ]),
      },
    ],
  }
}

function traceSection({ report, say, format }: Page): Section {
  return {
    id: 'accessi',
    title: say('Pratiche e accessi ai dati', 'Tickets and accesses to data'),
    blocks: [
      {
        kind: 'table',
        caption: say('Che cosa resta nel registro', 'What the log has'),
        columns: [
          { title: say('Chi', 'Who'), share: 34 },
          { title: say('Accessi', 'Accesses'), share: 18, align: 'end' },
          { title: say('Accessi senza pratica', 'Accesses without ticket'), share: 24, align: 'end' },
          { title: say('Pratiche senza accessi', 'Tickets without access'), share: 24, align: 'end' },
        ],
        rows: report.rows.map((row) => [
          whoOf(row, say).slice(0, 1),
          lines(shownCount(row.accesses, format)),
          lines(shownCount(row.accesses_without_ticket, format)),
          lines(shownCount(row.tickets_without_access, format)),
        ]),
      },
      ...(report.rows.some((row) => row.accesses === null || row.accesses_without_ticket === null)
        ? [
            {
              kind: 'paragraph' as const,
              tone: 'muted' as const,
              text: say(
                `Il segno ${HELD_BACK} sta per un numero riservato: direbbe quanto hanno fatto poche persone, da solo o per differenza con un altro rapporto. Gli accessi si contano solo di mesi interi, dal giorno dopo la loro fine.`,
                `The sign ${HELD_BACK} stands for a number held back: it would tell what few people did, by itself or less another report's. Accesses are told of whole months alone, from the day after their end.`,
              ),
            },
          ]
        : []),
    ],
  }
}

function costSection({ report, say, format }: Page): Section {
  const paid = report.rows.flatMap((row) => (row.price === null ? [] : [{ row, price: row.price }]))
  return {
    id: 'costo',
    title: say('Il costo, per problema risolto', 'The cost, by matter resolved'),
    blocks: [
      paid.length === 0
        ? {
            kind: 'paragraph',
            tone: 'normal',
            text: say('Nessun contratto è pagato a pratica.', 'No contract is paid by ticket.'),
          }
        : {
            kind: 'table',
            caption: say('Euro', 'Euro'),
            columns: [
              { title: say('Chi', 'Who'), share: 34 },
              { title: say('A pratica', 'A ticket'), share: 16, align: 'end' },
              { title: say('In tutto', 'In all'), share: 20, align: 'end' },
              { title: say('A problema risolto', 'A matter resolved'), share: 30, align: 'end' },
            ],
            rows: paid.map(({ row, price }) => [
              whoOf(row, say).slice(0, 1),
              lines(format.money(price.per_ticket)),
              lines(format.money(price.total)),
              [
                line(
                  price.per_resolved_episode === null ? '–' : format.money(price.per_resolved_episode),
                  'strong',
                ),
                ...between(price.per_resolved_episode_interval, say, (n) => format.money(n)),
              ],
            ]),
          },
      {
        kind: 'paragraph',
        tone: 'muted',
        text: say(
          'L’intervallo è quello entro cui il valore cade 95 volte su 100 (bootstrap sui problemi).',
          'The interval is the one the value lies in 95 times of 100 (bootstrap over the matters).',
        ),
      },
    ],
  }
}

function between(interval: { low: number; high: number } | null, say: Say, write: Format['number']): Lines {
  if (interval === null) return []
  const [low, high] = [write(interval.low), write(interval.high)]
  return [line(say(`tra ${low} e ${high}`, `between ${low} and ${high}`), 'muted')]
}

function figure(value: number | null, format: Format): string {
  return value === null ? '–' : format.number(value)
}

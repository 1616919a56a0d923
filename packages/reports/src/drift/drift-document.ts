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
import type { DriftReport, ReportedDrift } from './drift-report.ts'

interface Page {
  readonly report: DriftReport
  readonly say: Say
  readonly format: Format
}

/** The drift of one contract as its manager attaches it to a notice. */
export function driftDocument(report: DriftReport, hash: string): ReportDocument {
  const say = sayIn(report.locale)
  const format = formatIn(report.locale, report.time_zone)
  const page: Page = { report, say, format }
  const { contract, controller, period } = report
  const [from, to] = [format.month(period.from), format.month(period.to)]
  return {
    locale: report.locale,
    title: say('Lavoro fuori dal contratto', 'Work outside the contract'),
    // Italian says `ad aprile`.
    subtitle: say(`Da ${from} ${/^a/i.test(to) ? 'ad' : 'a'} ${to}`, `From ${from} to ${to}`),
    issuer: { short: controller.short, name: controller.name },
    facts: [
      {
        term: say('Contratto', 'Contract'),
        lines: [line(contract.title, 'strong'), line(contract.reference), line(contract.id, 'code')],
      },
      { term: say('Società', 'Company'), lines: lines(contract.company.title) },
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
      rowsSection(page, 'finalita', say('Finalità', 'Purposes'), report.purposes),
      rowsSection(page, 'operazioni', say('Operazioni', 'Actions'), report.actions),
      rowsSection(page, 'categorie', say('Categorie di dati', 'Categories of data'), report.categories),
      declaredSection(page),
      evidenceSection(page),
      makingSection(
        report,
        say,
        format,
        say(
          'I numeri sono contati sul registro degli accessi e riguardano il contratto, mai le singole persone. Questa relazione è una voce del registro, che ne conserva l’impronta («varco report verify»).',
          'The numbers are counted on the log of accesses and are the contract’s, never a person’s. This report is an entry of the log, which keeps its fingerprint (“varco report verify”).',
        ),
      ),
    ],
    hash,
    words: pageWords(say),
  }
}

function openingOf({ report, say, format }: Page): readonly Block[] {
  const outside = report.purposes.filter(({ contracted }) => !contracted)
  const names = outside.map(({ value }) => value.title)
  const share = outsideShown(report, format)
  const all = shownCount(report.accesses, format)
  return [
    {
      kind: 'answer',
      text: answerOf(report, { say, names: names.length === 0 ? null : format.all(names), share, all }),
      figures: [
        { value: share ?? HELD_BACK, label: say('fuori dall’allegato', 'outside the annex') },
        { value: all, label: say('accessi, concessi e rifiutati', 'accesses, permitted and refused') },
      ],
    },
    {
      kind: 'paragraph',
      tone: 'muted',
      text: say(
        `Il segno ${HELD_BACK} sta per un numero riservato: dietro ci sono meno di ${report.min_group} persone, o permetterebbe di ricavarne uno così.`,
        `The sign ${HELD_BACK} stands for a number held back: fewer than ${report.min_group} people are behind it, or it would give such a one away.`,
      ),
    },
  ]
}

/** `null` where nothing can be said of it. */
function outsideShown({ outside, outside_at_least }: DriftReport, format: Format): string | null {
  if (outside === null || (outside === 0 && outside_at_least)) return null
  return `${outside_at_least ? '≥ ' : ''}${format.number(outside)} %`
}

function answerOf(
  { accesses }: DriftReport,
  { say, names, share, all }: { say: Say; names: string | null; share: string | null; all: string },
): string {
  if (names === null)
    return accesses === null
      ? say(
          'Nel periodo gli accessi sono stati tutti per finalità previste dall’allegato.',
          'In the period all accesses were for purposes that the annex covers.',
        )
      : say(
          `Nel periodo gli accessi (${all}) sono stati tutti per finalità previste dall’allegato.`,
          `In the period all accesses (${all}) were for purposes that the annex covers.`,
        )
  return share === null
    ? say(
        `Nel periodo una parte degli accessi è stata chiesta per finalità che l’allegato non prevede: ${names}. Dire quanta farebbe contare poche persone.`,
        `In the period a part of the accesses was asked for purposes that the annex does not cover: ${names}. To say how large would count few people.`,
      )
    : say(
        `Nel periodo il ${share} degli accessi (${all} in tutto) è stato chiesto per finalità che l’allegato non prevede: ${names}.`,
        `In the period ${share} of the accesses (${all} in all) were asked for purposes that the annex does not cover: ${names}.`,
      )
}

function rowsSection(
  { say, format }: Page,
  id: string,
  title: string,
  rows: readonly ReportedDrift[],
): Section {
  return {
    id,
    title,
    blocks: [
      {
        kind: 'bars',
        caption: say('Quota degli accessi, in centesimi', 'Share of the accesses, in hundredths'),
        bars: rows.map(({ value, share }) => ({
          label: value.title,
          value: share ?? 0,
          text: shownCount(share, format),
        })),
      },
      {
        kind: 'table',
        caption: say('Rispetto all’allegato', 'Against the annex'),
        columns: [
          { title, share: 34 },
          { title: say('Accessi', 'Accesses'), share: 13, align: 'end' },
          { title: say('Rifiutati', 'Refused'), share: 13, align: 'end' },
          { title: say('Quota', 'Share'), share: 12, align: 'end' },
          { title: say('Al mese', 'A month'), share: 12, align: 'end' },
          { title: say('Dal', 'Since'), share: 16 },
        ],
        rows: rows.map((row) => [
          [
            line(row.value.title, 'strong'),
            line(
              row.contracted
                ? (row.clause ?? say('previsto', 'covered'))
                : say('NON previsto dall’allegato', 'NOT covered by the annex'),
              'muted',
            ),
          ],
          lines(shownCount(row.accesses, format)),
          lines(shownCount(row.refused, format)),
          lines(`${shownCount(row.share, format)}${row.share === null ? '' : ' %'}`),
          lines(row.trend === null ? '–' : `${row.trend > 0 ? '+' : ''}${format.number(row.trend)}`),
          lines(format.instant(row.first_seen)),
        ]),
      },
      {
        kind: 'table',
        caption: say('Mese per mese', 'Month by month'),
        columns: [
          { title: say('Mese', 'Month'), share: 28 },
          { title, share: 40 },
          { title: say('Accessi', 'Accesses'), share: 16, align: 'end' },
          { title: say('Quota', 'Share'), share: 16, align: 'end' },
        ],
        rows: rows.flatMap(({ value, monthly }) =>
          monthly.map(({ month, accesses, share }): Lines[] => [
            lines(format.month(month)),
            lines(value.title),
            lines(shownCount(accesses, format)),
            lines(`${shownCount(share, format)}${share === null ? '' : ' %'}`),
          ]),
        ),
      },
    ],
  }
}

function declaredSection({ report, say, format }: Page): Section {
  const { hours, purposes, months } = report.declared
  const intro: Block = {
    kind: 'paragraph',
    tone: 'normal',
    text: say(
      'Gli accessi non mostrano il lavoro svolto fuori dal sistema. I lavoratori lo dichiarano di mese in mese senza nome, con gettoni firmati alla cieca (RFC 9474): uno per ciascuno, e nessuno può sapere di chi sia una dichiarazione. Qui sono sommate le ore dei mesi chiusi.',
      'The accesses do not show work done off the system. Workers declare it month by month without their names, with tokens signed blind (RFC 9474): one each, and nobody can know whose a declaration is. Here are the sums of hours of closed months.',
    ),
  }
  const id = 'fuori-sistema'
  const title = say('Lavoro dichiarato fuori sistema', 'Work declared off the system')
  if (months.length === 0) {
    const none = say('Nel periodo nessun mese è stato chiuso.', 'No month of the period has been closed.')
    return { id, title, blocks: [intro, { kind: 'paragraph', tone: 'muted', text: none }] }
  }
  return {
    id,
    title,
    blocks: [
      intro,
      {
        kind: 'table',
        caption: say('Ore dichiarate', 'Hours declared'),
        columns: [
          { title: say('Finalità', 'Purpose'), share: 46 },
          { title: say('Mese', 'Month'), share: 30 },
          { title: say('Ore', 'Hours'), share: 24, align: 'end' },
        ],
        rows: [
          ...purposes.flatMap((row): Lines[][] => [
            [
              [
                line(row.value.title, 'strong'),
                line(
                  row.contracted
                    ? (row.clause ?? say('previsto', 'covered'))
                    : say('NON previsto dall’allegato', 'NOT covered by the annex'),
                  'muted',
                ),
              ],
              lines(say('in tutto', 'in all')),
              lines(shownCount(row.hours, format)),
            ],
            ...row.monthly.map((each): Lines[] => [
              lines(row.value.title),
              lines(format.month(each.month)),
              lines(shownCount(each.hours, format)),
            ]),
          ]),
          [lines(say('Tutte', 'All')), lines(say('in tutto', 'in all')), lines(shownCount(hours, format))],
        ],
      },
      {
        kind: 'table',
        caption: say('Come si controlla', 'How to check it'),
        columns: [
          { title: say('Mese', 'Month'), share: 18 },
          { title: say('Impronta della chiave', 'Digest of the key'), share: 46 },
          { title: say('Voci del registro', 'Entries of the log'), share: 24 },
          { title: say('Non firmate', 'Unsigned'), share: 12, align: 'end' },
        ],
        rows: months.map(({ month, key, evidence, unsigned }): Lines[] => [
          lines(format.month(month)),
          [line(key, 'code')],
          evidence.map((event) => line(event, 'code')),
          lines(format.number(unsigned)),
        ]),
      },
    ],
  }
}

function evidenceSection({ report, say }: Page): Section {
  const rows = [...report.purposes, ...report.actions, ...report.categories].filter(
    ({ evidence }) => evidence.length > 0,
  )
  return {
    id: 'prove-voci',
    title: say('Voci del registro che lo mostrano', 'Entries of the log that show it'),
    blocks: [
      {
        kind: 'facts',
        items: rows.map(({ value, evidence }) => ({
          term: value.title,
          lines: evidence.map((event) => line(event, 'code')),
        })),
      },
    ],
  }
}

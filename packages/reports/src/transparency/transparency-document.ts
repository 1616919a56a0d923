import { line, lines, type Lines, type ReportDocument } from '../document/document.ts'
import { formatIn, type Format } from '../document/format.ts'
import { HELD_BACK, shownCount } from '../document/held-back.ts'
import { pageWords } from '../document/page-words.ts'
import { makingSection } from '../report/making-section.ts'
import { sayIn, type Say } from '../report/say.ts'
import type { TransparencyReport } from './transparency-report.ts'

/** The report as it is published. */
export function transparencyDocument(report: TransparencyReport, hash: string): ReportDocument {
  const say = sayIn(report.locale)
  const format = formatIn(report.locale, report.time_zone)
  const { controller, period, by_month: months, by_purpose: purposes } = report
  const [from, to] = [format.date(period.from), format.date(period.to)]
  return {
    locale: report.locale,
    title: say('Rapporto di trasparenza', 'Transparency report'),
    subtitle: say(
      `Accessi ai dati personali dal ${from} al ${to}`,
      `Accesses to personal data from ${from} to ${to}`,
    ),
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
    ],
    opening: [
      {
        kind: 'answer',
        text: answerText(report, say, format),
        figures: [
          {
            value: shownCount(months.permitted, format),
            label: say('accessi consentiti', 'permitted accesses'),
          },
          { value: shownCount(months.denied, format), label: say('accessi negati', 'denied accesses') },
          {
            value: shownCount(report.subject_reports, format),
            label: say('risposte a cittadini', 'answers to citizens'),
          },
        ],
      },
      {
        kind: 'paragraph',
        tone: 'muted',
        text: say(
          `Si contano solo mesi interi e finiti. Il segno ${HELD_BACK} sta per un numero riservato: quelli dietro cui in un mese ci sono meno di ${report.threshold} persone di una società, le risposte sotto ${report.threshold} in un mese (zero escluso), e altri senza i quali quelli si potrebbero ricavare per differenza, anche con un altro rapporto.`,
          `Whole months that are over are counted, and no others. The sign ${HELD_BACK} stands for a number held back: those behind which there are fewer than ${report.threshold} people of a company in a month, answers below ${report.threshold} in a month (zero apart), and others from which those could be worked out, from another report too.`,
        ),
      },
    ],
    sections: [
      {
        id: 'motivi',
        title: say('Chi ha visto dati personali, e perché', 'Who saw personal data, and why'),
        blocks: [
          {
            kind: 'table',
            caption: say(
              'Accessi consentiti per finalità e società',
              'Permitted accesses by purpose and company',
            ),
            columns: [
              { title: say('Finalità', 'Purpose'), share: 40 },
              ...purposes.companies.map((company) => ({
                title: company?.title ?? say('Personale dell’ente', 'The body’s own staff'),
                share: 60 / (purposes.companies.length + 1),
                align: 'end' as const,
              })),
              { title: say('In tutto', 'In all'), share: 60 / (purposes.companies.length + 1), align: 'end' },
            ],
            rows: [
              ...purposes.rows.map((row): Lines[] => [
                [line(row.purpose.title, 'strong'), line(row.purpose.plain, 'muted')],
                ...row.accesses.map((count) => lines(shownCount(count, format))),
                lines(shownCount(row.total, format)),
              ]),
              [
                [line(say('In tutto', 'In all'), 'strong')],
                ...purposes.totals.map((count) => [line(shownCount(count, format), 'strong')]),
                [line(shownCount(purposes.total, format), 'strong')],
              ],
            ],
          },
        ],
      },
      {
        id: 'mesi',
        title: say('Mese per mese', 'Month by month'),
        blocks: [
          {
            kind: 'table',
            caption: say('Accessi consentiti e negati', 'Permitted and denied accesses'),
            columns: [
              { title: say('Mese', 'Month'), share: 40 },
              { title: say('Consentiti', 'Permitted'), share: 20, align: 'end' },
              { title: say('Negati', 'Denied'), share: 20, align: 'end' },
              { title: say('In tutto', 'In all'), share: 20, align: 'end' },
            ],
            rows: [
              ...months.rows.map((row) => [
                [line(format.month(row.month))],
                ...[row.permitted, row.denied, row.total].map((count) => lines(shownCount(count, format))),
              ]),
              [
                [line(say('In tutto', 'In all'), 'strong')],
                ...[months.permitted, months.denied, months.total].map((count) => [
                  line(shownCount(count, format), 'strong'),
                ]),
              ],
            ],
          },
        ],
      },
      {
        id: 'registro',
        title: say('Da dove vengono i numeri', 'Where the numbers come from'),
        blocks: [
          {
            kind: 'facts',
            items: [
              ...(report.log.since === null
                ? []
                : [
                    {
                      term: say('Il registro esiste dal', 'The log exists since'),
                      lines: lines(format.instant(report.log.since)),
                    },
                  ]),
              ...(report.log.until === null
                ? []
                : [{ term: say('Aggiornato al', 'Up to'), lines: lines(format.instant(report.log.until)) }]),
              {
                term: say('Rapporto fatto il', 'Report made on'),
                lines: lines(format.instant(report.made.at)),
              },
              {
                term: say('Regole in vigore', 'Rules in force'),
                lines: [line(report.policy_version, 'code')],
              },
            ],
          },
        ],
      },
      makingSection(
        report,
        say,
        format,
        say(
          'I numeri sono contati sul registro degli accessi. Questo rapporto è una voce del registro, che ne conserva l’impronta: con il file JSON dentro questo documento chiunque verifica che non sia cambiato («varco report verify»).',
          'The numbers are counted on the log of accesses. This report is an entry of the log, which keeps its fingerprint: with the JSON file inside this document anyone can check that it has not changed (“varco report verify”).',
        ),
      ),
    ],
    hash,
    words: pageWords(say),
  }
}

function answerText({ by_month: months, controller }: TransparencyReport, say: Say, format: Format): string {
  if (months.total === 0)
    return say('Nel periodo il registro non ha accessi.', 'The log has no access in the period.')
  if (months.total === null)
    return say(
      'Quanti accessi ci siano stati nel periodo è riservato: direbbe quanto hanno fatto poche persone.',
      'How many accesses there were in the period is held back: it would tell what few people did.',
    )
  const total = format.number(months.total)
  return say(
    `Nel periodo sono stati chiesti ${total} accessi a dati personali trattati da ${controller.short}: ogni richiesta, consentita o negata, è nel registro.`,
    `In the period ${total} accesses to personal data processed by ${controller.short} were requested: every request, permitted or denied, is in the log.`,
  )
}

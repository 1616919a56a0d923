import { line, lines, type Block, type ReportDocument, type Section } from '../document/document.ts'
import { formatIn, type Format } from '../document/format.ts'
import { HELD_BACK, shownCount } from '../document/held-back.ts'
import { pageWords } from '../document/page-words.ts'
import { makingSection } from '../report/making-section.ts'
import { sayIn, type Say } from '../report/say.ts'
import type { AuditReport } from './audit-report.ts'

interface Page {
  readonly report: AuditReport
  readonly say: Say
  readonly format: Format
}

/** The audit as it is read and signed. */
export function auditDocument(report: AuditReport, hash: string): ReportDocument {
  const say = sayIn(report.locale)
  const format = formatIn(report.locale, report.time_zone)
  const page: Page = { report, say, format }
  const { controller, period } = report
  const [from, to] = [format.date(period.from), format.date(period.to)]
  return {
    locale: report.locale,
    title: say('Verifica annuale del registro', 'Yearly audit of the log'),
    subtitle: say(`Periodo dal ${from} al ${to}`, `From ${from} to ${to}`),
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
    opening: [openingOf(page)],
    sections: [
      integritySection(page),
      retentionSection(page),
      agreementsSection(page),
      accessesSection(page),
      actsSection(page),
      alertsSection(page),
      signatureSection(page),
      makingSection(
        report,
        say,
        format,
        say(
          'Questa verifica è essa stessa una voce del registro, che ne conserva l’impronta: con il file JSON dentro questo documento chiunque controlla che non sia cambiata («varco report verify»).',
          'This audit is itself an entry of the log, which keeps its fingerprint: with the JSON file inside this document anyone can check that it has not changed (“varco report verify”).',
        ),
      ),
    ],
    hash,
    words: pageWords(say),
  }
}

function openingOf({ report, say, format }: Page): Block {
  const { integrity, accesses, alerts } = report
  const entries = format.number(integrity.events)
  const shown = (count: number | null): string => shownCount(count, format)
  const findings = say.count(integrity.findings.length, ['anomalia', 'anomalie'], ['finding', 'findings'])
  return {
    kind: 'answer',
    text: integrity.whole
      ? say(
          `Il registro è integro: tutte le ${entries} voci sono state ricalcolate e coincidono con quelle firmate.`,
          `The log is whole: all ${entries} entries were recomputed and are the ones that were signed.`,
        )
      : say(
          `Il registro NON è integro. Voci ricalcolate: ${entries}; ${findings}, come si legge sotto.`,
          `The log is NOT whole. Entries recomputed: ${entries}; ${findings}, as listed below.`,
        ),
    figures: [
      ...(accesses.counted === null
        ? []
        : [
            { value: shown(accesses.permitted), label: say('accessi consentiti', 'permitted accesses') },
            { value: shown(accesses.denied), label: say('accessi negati', 'denied accesses') },
          ]),
      ...(alerts === null ? [] : [{ value: format.number(alerts.raised), label: say('allerte', 'alerts') }]),
    ],
  }
}

function integritySection({ report: { integrity }, say, format }: Page): Section {
  return {
    id: 'integrita',
    title: say('Integrità', 'Integrity'),
    blocks: [
      {
        kind: 'paragraph',
        tone: 'normal',
        text: say(
          `Ogni voce, ogni riferimento alle persone (${format.number(integrity.disclosures)}) e ogni dichiarazione firmata sono stati ricalcolati dalle tabelle e confrontati con ciò che è conservato fuori dalla base di dati.`,
          `Every entry, every reference to people (${format.number(integrity.disclosures)}) and every signed statement were recomputed from the tables and held against what is kept outside the database.`,
        ),
      },
      {
        kind: 'table',
        caption: say('Le parti del registro', 'The parts of the log'),
        columns: [
          { title: say('Processo', 'Process'), share: 26 },
          { title: say('Voci', 'Entries'), share: 14, align: 'end' },
          { title: say('Garantite da fuori', 'Vouched for outside'), share: 18, align: 'end' },
          { title: say('Impronta', 'Fingerprint'), share: 42 },
        ],
        rows: integrity.trees.map(({ writer, epoch, size, root, witnessed }) => [
          [line(writer, 'strong'), line(say(`chiave ${epoch}`, `key ${epoch}`), 'muted')],
          lines(format.number(size)),
          lines(format.number(witnessed)),
          [line(root, 'code')],
        ]),
      },
      ...(integrity.findings.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              caption: say('Anomalie', 'Findings'),
              columns: [
                { title: say('Che cosa', 'What'), share: 24 },
                { title: say('Dove', 'Where'), share: 22 },
                { title: say('In parole', 'In words'), share: 54 },
              ],
              rows: integrity.findings.map(({ kind, place, text }) => [
                [line(kind, 'code')],
                place === null ? lines('–') : [line(place, 'code')],
                lines(text),
              ]),
            },
          ]),
    ],
  }
}

function retentionSection({ report: { retention }, say, format }: Page): Section {
  return {
    id: 'conservazione',
    title: say('Conservazione', 'Retention'),
    blocks: [
      {
        kind: 'facts',
        items: [
          { term: say('Almeno', 'At least'), lines: lines(format.period(retention.floor)) },
          { term: say('Al massimo', 'At most'), lines: lines(format.period(retention.ceiling)) },
          { term: say('Perché', 'Why'), lines: lines(retention.because) },
          {
            term: say('Voce più antica', 'Oldest entry'),
            lines: lines(retention.oldest === null ? '–' : format.instant(retention.oldest)),
          },
          {
            term: say('Mesi oltre il massimo', 'Months beyond the maximum'),
            lines: lines(
              retention.overdue
                ? say('Sì: vanno scartati.', 'Yes: they are to be dropped.')
                : say('No.', 'None.'),
            ),
          },
        ],
      },
    ],
  }
}

/** Whether workers' accesses may be recorded at all (L. 300/1970, art. 4): an employer without an agreement stands out. */
function agreementsSection({ report, say, format }: Page): Section {
  return {
    id: 'accordi',
    title: say('Accordi con chi lavora', 'Agreements with the workers'),
    blocks: [
      {
        kind: 'table',
        caption: say(
          'Che cosa permette di registrare gli accessi (art. 4, L. 300/1970)',
          'What allows accesses to be recorded (Art. 4, L. 300/1970)',
        ),
        columns: [
          { title: say('Datore di lavoro', 'Employer'), share: 30 },
          { title: say('Accordo', 'Agreement'), share: 46 },
          { title: say('Firmato il', 'Signed on'), share: 24 },
        ],
        rows: report.workers_agreements.map(({ employer, agreement }) => [
          [line(employer?.title ?? report.controller.name, 'strong')],
          agreement === null
            ? [line(say('Nessuno agli atti.', 'None is recorded.'), 'strong')]
            : [
                line(
                  agreement.kind === 'union-agreement'
                    ? say(`Accordo con ${agreement.with}`, `Agreement with ${agreement.with}`)
                    : say(`Autorizzazione di ${agreement.with}`, `Leave given by ${agreement.with}`),
                ),
                line(agreement.reference, 'muted'),
                ...(agreement.sha256 === null ? [] : [line(agreement.sha256, 'code')]),
              ],
          lines(agreement === null ? '–' : format.date(agreement.signed)),
        ]),
      },
    ],
  }
}

function accessesSection({ report: { accesses }, say, format }: Page): Section {
  const { counted, threshold } = accesses
  const columns = (first: string) => [
    { title: first, share: 46 },
    { title: say('Consentiti', 'Permitted'), share: 27, align: 'end' as const },
    { title: say('Negati', 'Denied'), share: 27, align: 'end' as const },
  ]
  const shown = (count: number | null): string => shownCount(count, format)
  return {
    id: 'accessi',
    title: say('Accessi', 'Accesses'),
    blocks: [
      {
        kind: 'paragraph',
        tone: 'muted',
        text:
          counted === null
            ? say(
                'Si contano solo mesi interi e finiti, e il periodo non ne ha.',
                'Whole months that are over are counted, and the period has none.',
              )
            : say(
                `Si contano solo mesi interi e finiti: dal ${format.date(counted.from)} al ${format.date(counted.to)}. Il segno ${HELD_BACK} sta per un numero riservato: dietro ci sono, in un mese, meno di ${threshold} persone di un contratto, oppure se ne ricaverebbe un altro che lo è.`,
                `Whole months that are over are counted: from ${format.date(counted.from)} to ${format.date(counted.to)}. The sign ${HELD_BACK} stands for a number held back: behind it there are, in a month, fewer than ${threshold} people of a contract, or another such number could be worked out from it.`,
              ),
      },
      ...(counted === null
        ? []
        : ([
            {
              kind: 'bars',
              caption: say('Accessi mese per mese', 'Accesses month by month'),
              bars: accesses.by_month.map(({ month, total }) => ({
                label: format.month(month),
                value: total ?? 0,
                text: shown(total),
              })),
            },
            {
              kind: 'table',
              caption: say('Per mese', 'By month'),
              columns: columns(say('Mese', 'Month')),
              rows: accesses.by_month.map(({ month, permitted, denied }) => [
                lines(format.month(month)),
                lines(shown(permitted)),
                lines(shown(denied)),
              ]),
            },
            {
              kind: 'table',
              caption: say('Per società', 'By company'),
              columns: columns(say('Società', 'Company')),
              rows: accesses.by_company.map(({ company, permitted, denied }) => [
                [line(company?.title ?? say('Personale dell’ente', 'The body’s own staff'), 'strong')],
                lines(shown(permitted)),
                lines(shown(denied)),
              ]),
            },
          ] satisfies readonly Block[])),
    ],
  }
}

function actsSection({ report, say, format }: Page): Section {
  return {
    id: 'atti',
    title: say('Che cosa è stato fatto al registro e alle regole', 'What was done to the log and the rules'),
    blocks: [
      {
        kind: 'table',
        caption: say('Voci che non sono accessi', 'Entries that are no accesses'),
        columns: [
          { title: say('Voce', 'Entry'), share: 75 },
          { title: say('Quante', 'How many'), share: 25, align: 'end' },
        ],
        rows: report.other_entries.map(({ kind, entries }) => [
          lines(kind.title),
          lines(format.number(entries)),
        ]),
      },
      report.acts.length === 0
        ? {
            kind: 'paragraph',
            tone: 'normal',
            text: say(
              'Nel periodo nessuno ha cambiato le regole, aperto identità, esportato, cancellato o scartato voci.',
              'In the period nobody changed the rules, opened an identity, exported, erased or dropped entries.',
            ),
          }
        : {
            kind: 'table',
            caption: say('Atti uno per uno', 'Acts one by one'),
            columns: [
              { title: say('Quando', 'When'), share: 26 },
              { title: say('Atto', 'Act'), share: 34 },
              { title: say('Chi', 'Who'), share: 18 },
              { title: say('Voce', 'Entry'), share: 22 },
            ],
            rows: report.acts.map(({ at, kind, by, event }) => [
              lines(format.instant(at)),
              [line(kind.title, 'strong')],
              by === null ? lines(say('processo', 'process')) : [line(by, 'code')],
              [line(event, 'code')],
            ]),
          },
    ],
  }
}

function alertsSection({ report: { alerts }, say, format }: Page): Section {
  return {
    id: 'allerte',
    title: say('Allerte', 'Alerts'),
    blocks: [
      alerts === null
        ? {
            kind: 'paragraph',
            tone: 'normal',
            text: say(
              'Nessun controllo automatico ha guardato il registro nel periodo.',
              'Nothing watched the log in the period.',
            ),
          }
        : {
            kind: 'facts',
            items: [
              { term: say('Sollevate', 'Raised'), lines: lines(format.number(alerts.raised)) },
              { term: say('Spiegate', 'Explained'), lines: lines(format.number(alerts.explained)) },
              { term: say('Confermate', 'Confirmed'), lines: lines(format.number(alerts.confirmed)) },
              { term: say('Ancora aperte', 'Still open'), lines: lines(format.number(alerts.open)) },
            ],
          },
    ],
  }
}

/** The audit is documented and attested by somebody (Garante 192/2011): lines to write on. */
function signatureSection({ say }: Page): Section {
  return {
    id: 'firma',
    title: say('Chi attesta', 'Who attests'),
    blocks: [
      {
        kind: 'paragraph',
        tone: 'normal',
        text: say(
          'La verifica è stata svolta da persona diversa da chi amministra il registro. Nome, data e firma:',
          'The audit was carried out by somebody other than who administers the log. Name, date and signature:',
        ),
      },
      { kind: 'paragraph', tone: 'muted', text: '……………………………………………………………………………………' },
    ],
  }
}

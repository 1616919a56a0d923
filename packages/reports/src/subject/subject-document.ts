import { formatIn, type Format } from '../document/format.ts'
import { line, lines, type Block, type ReportDocument, type Section } from '../document/document.ts'
import { pageWords } from '../document/page-words.ts'
import { sayIn, type Say } from '../report/say.ts'
import { accessRow, accessColumns } from './access-row.ts'
import type { AccessShelf } from './access-shelf.ts'
import { identitiesSection } from './identities-section.ts'
import { listOf, type ListedAccesses } from './listed-accesses.ts'
import { proofSection } from './proof-section.ts'
import type { SubjectReport } from './report.ts'
import { actionAfterTerm, legalBasisOf } from '../report/wording.ts'

/** The report as its reader meets it: who looked, when and why first; what the law adds after. */
export function subjectDocument(
  report: SubjectReport,
  hash: string,
  shelf: AccessShelf | null = null,
): ReportDocument {
  const say = sayIn(report.locale)
  const format = formatIn(report.locale, report.time_zone)
  const listed = listOf(report, shelf)
  const page: Page = { report, listed, say, format }
  return {
    locale: report.locale,
    title: say('Chi ha visto i Suoi dati', 'Who looked at your data'),
    subtitle: say(
      'Risposta alla richiesta di accesso ai dati personali, articolo 15 del Regolamento (UE) 2016/679',
      'Answer to a request of access to personal data, Article 15 of Regulation (EU) 2016/679',
    ),
    issuer: { short: report.controller.short, name: report.controller.name },
    facts: [
      { term: say('Riguarda', 'About'), lines: whomItIsAbout(page) },
      ...(report.about.request === null
        ? []
        : [{ term: say('Risponde alla richiesta', 'Answers request'), lines: lines(report.about.request) }]),
      { term: say('Fatta il', 'Made on'), lines: lines(format.instant(report.made.at)) },
      { term: say('Registrata come', 'Recorded as'), lines: [line(report.made.event, 'code')] },
    ],
    opening: openingOf(page),
    sections: [
      accessesSection(page),
      identitiesSection(report, say, format),
      confirmationSection(page),
      purposesSection(page),
      archivesSection(page),
      recipientsSection(page),
      transfersSection(page),
      rightsSection(page),
      copySection(page),
      logSection(page),
      proofSection(report, listed, say, format),
    ].flatMap((section) => (section === null ? [] : [section])),
    hash,
    words: pageWords(say),
  }
}

interface Page {
  readonly report: SubjectReport
  readonly listed: ListedAccesses
  readonly say: Say
  readonly format: Format
}

function whomItIsAbout({ report, say }: Page): ReturnType<typeof lines> {
  const { identifier, data_subjects: people } = report.about
  return [
    ...people.flatMap((person) => [
      line(person.name.length === 0 ? person.id : person.name.join(' '), 'strong'),
      line(`${person.title}, ${say('codice', 'key')} ${person.id}`, 'muted'),
      ...(person.in_records
        ? []
        : [line(say('non più presente negli archivi', 'no longer in the records'), 'muted')]),
    ]),
    ...(identifier === null
      ? []
      : [line(`${say('Riferimento indicato', 'Reference given')}: ${identifier}`)]),
    ...(people.length === 0
      ? [line(say('Nessuna persona corrispondente', 'No matching person'), 'strong')]
      : []),
  ]
}

// --- the first page ---

function openingOf(page: Page): Block[] {
  const { report, say, format } = page
  const { seen, by_company: byCompany, by_month: byMonth } = report.summary
  if (report.confirmation.code === 'nothing')
    return [{ kind: 'answer', text: report.confirmation.text, figures: [] }]
  const outside = byCompany.filter(({ company }) => company !== null)
  const units = new Set(
    byCompany.flatMap((group) => group.units.map((unit) => `${group.company?.id}/${unit.id}`)),
  )
  const purposes = new Set(byCompany.flatMap((group) => group.purposes.map((purpose) => purpose.id)))
  const answer: Block = {
    kind: 'answer',
    text: answerText(page),
    figures:
      seen.accesses === 0
        ? []
        : [
            {
              value: format.number(seen.accesses),
              label: pluralOf(say, seen.accesses, ['accesso', 'accessi'], ['access', 'accesses']),
            },
            {
              value: format.number(outside.length),
              label: pluralOf(
                say,
                outside.length,
                ['società esterna', 'società esterne'],
                ['outside company', 'outside companies'],
              ),
            },
            {
              value: format.number(units.size),
              label: pluralOf(say, units.size, ['ufficio', 'uffici'], ['unit', 'units']),
            },
            {
              value: format.number(purposes.size),
              label: pluralOf(say, purposes.size, ['motivo', 'motivi'], ['reason', 'reasons']),
            },
          ],
  }
  if (seen.accesses === 0) return [answer]
  return [
    answer,
    {
      kind: 'table',
      caption: say('Chi, quante volte e perché', 'Who, how often and why'),
      columns: [
        { title: say('Chi', 'Who'), share: 34 },
        { title: say('Accessi', 'Accesses'), share: 12, align: 'end' },
        { title: say('Quando', 'When'), share: 24 },
        { title: say('Perché', 'Why'), share: 30 },
      ],
      rows: byCompany.map((group) => [
        [
          line(group.company?.title ?? report.controller.name, 'strong'),
          ...(group.company === null
            ? [line(say('personale dell’ente', 'the body’s own staff'), 'muted')]
            : []),
          ...group.units.map((unit) => line(unit.title)),
        ],
        lines(format.number(group.seen.accesses)),
        spanLines(group.seen, page),
        group.purposes.map((purpose) => line(purpose.title)),
      ]),
    },
    ...(byMonth.length < 2
      ? []
      : [
          {
            kind: 'bars' as const,
            caption: say('Accessi mese per mese', 'Accesses month by month'),
            bars: byMonth.map(({ month, accesses }) => ({
              label: format.month(month),
              value: accesses,
              text: format.number(accesses),
            })),
          },
        ]),
    {
      kind: 'paragraph',
      tone: 'muted',
      text: say(
        'Di chi ha lavorato sui dati è indicato uno pseudonimo, non il nome: basta a riconoscere la stessa persona da un accesso all’altro. L’identità può essere comunicata solo se è indispensabile per far valere i Suoi diritti, dopo che il responsabile della protezione dei dati ha valutato anche quelli del lavoratore (Corte di giustizia UE, causa C-579/21).',
        'Those who worked on the data are given by pseudonym, not by name: enough to recognise the same person from one access to the next. An identity may be disclosed only if it is essential to exercise your rights, after the data protection officer has weighed the worker’s rights too (CJEU, case C-579/21).',
      ),
    },
  ]
}

function answerText({ report, say, format }: Page): string {
  const { seen, by_company: byCompany } = report.summary
  if (seen.first === null || seen.last === null) {
    return report.log.since === null
      ? say(
          `${report.controller.short} conserva dati che La riguardano. Il registro degli accessi non contiene consultazioni di questi dati.`,
          `${report.controller.short} holds data about you. The log of accesses has no consultation of them.`,
        )
      : say(
          `${report.controller.short} conserva dati che La riguardano. Da quando esiste il registro, ${format.day(report.log.since)}, nessuno li ha consultati.`,
          `${report.controller.short} holds data about you. Since the log began, on ${format.day(report.log.since)}, nobody has consulted them.`,
        )
  }
  const times = say.count(seen.accesses, ['volta', 'volte'], ['time', 'times'])
  const [first, last] = [format.day(seen.first), format.day(seen.last)]
  const when =
    first === last
      ? say(`Il ${first}`, `On ${first}`)
      : say(`Tra il ${first} e il ${last}`, `Between ${first} and ${last}`)
  const who = byCompany.map(
    (group) =>
      `${group.company?.title ?? say(`personale di ${report.controller.short}`, `staff of ${report.controller.short}`)} (${format.number(group.seen.accesses)})`,
  )
  return say(
    `${when} i Suoi dati sono stati consultati ${times}: ${format.all(who)}.`,
    `${when} your data were consulted ${times}: ${format.all(who)}.`,
  )
}

function pluralOf(say: Say, n: number, it: readonly [string, string], en: readonly [string, string]): string {
  return say.count(n, it, en).replace(/^\S+\s/u, '')
}

function spanLines(span: SubjectReport['summary']['seen'], { say, format }: Page): ReturnType<typeof lines> {
  if (span.first === null || span.last === null)
    return lines(say('nessun accesso registrato', 'no access recorded'))
  const [first, last] = [format.day(span.first), format.day(span.last)]
  return first === last
    ? lines(first)
    : lines(say(`dal ${first}`, `from ${first}`), say(`al ${last}`, `to ${last}`))
}

// --- the sections ---

function accessesSection(page: Page): Section | null {
  const { report, listed, say } = page
  if (listed.count === 0) return null
  return {
    id: 'accessi',
    title: say('Gli accessi, uno per uno', 'The accesses, one by one'),
    blocks: [
      {
        kind: 'paragraph',
        tone: 'normal',
        text: say(
          `Dal più recente. L’ora è quella di ${report.time_zone}. «In chiaro» sono i campi che l’operatore ha letto per intero; «mascherati» quelli di cui ha visto solo una parte, come le ultime cifre di un IBAN. Tutto il resto della scheda gli era nascosto.`,
          `Newest first. Times are those of ${report.time_zone}. “In plain” are the fields the operator read in full; “masked” those of which only a part was shown, such as the last digits of an IBAN. Everything else in the record was hidden.`,
        ),
      },
      {
        kind: 'table',
        caption: say('Accessi ai Suoi dati', 'Accesses to your data'),
        columns: accessColumns(say),
        rows: listed.rows((access) => accessRow(access, report.controller.name, page.say, page.format)),
      },
    ],
  }
}

function confirmationSection({ report, say }: Page): Section {
  const { contact, dpo, supervisor, name } = report.controller
  const address = (of: typeof contact) => lines(of.address, of.email, of.phone)
  return {
    id: 'conferma',
    title: say('Conferma e chi risponde', 'Confirmation and who answers'),
    blocks: [
      { kind: 'paragraph', tone: 'normal', text: report.confirmation.text },
      {
        kind: 'facts',
        items: [
          {
            term: say('Titolare del trattamento', 'Controller'),
            lines: [
              line(name, 'strong'),
              ...lines(contact.name === name ? null : contact.name),
              ...address(contact),
            ],
          },
          {
            term: say('Responsabile della protezione dei dati', 'Data protection officer'),
            lines: [line(dpo.name, 'strong'), ...address(dpo)],
          },
          {
            term: say('Autorità di controllo', 'Supervisory authority'),
            lines: [line(supervisor.name, 'strong'), ...lines(supervisor.address, supervisor.web)],
          },
        ],
      },
    ],
  }
}

function purposesSection({ report, say, format }: Page): Section | null {
  if (report.purposes.length === 0) return null
  return {
    id: 'finalita',
    title: say('Perché si trattano i Suoi dati', 'Why your data are processed'),
    blocks: [
      {
        kind: 'table',
        caption: say('Finalità e basi giuridiche', 'Purposes and legal bases'),
        columns: [
          { title: say('Finalità', 'Purpose'), share: 42 },
          { title: say('Base giuridica', 'Legal basis'), share: 28 },
          { title: say('Categorie di dati', 'Categories of data'), share: 19 },
          { title: say('Accessi', 'Accesses'), share: 11, align: 'end' },
        ],
        rows: report.purposes.map((purpose) => [
          [
            line(purpose.title, 'strong'),
            line(purpose.plain),
            ...(purpose.automated_decisions === null
              ? []
              : [
                  line(
                    `${say('Decisioni automatizzate', 'Automated decisions')}: ${purpose.automated_decisions}`,
                  ),
                ]),
          ],
          [line(legalBasisOf(purpose.legal_basis, say)), line(purpose.norm, 'muted')],
          purpose.categories.map((category) => line(category.title)),
          lines(format.number(purpose.accesses)),
        ]),
      },
    ],
  }
}

function archivesSection({ report, say, format }: Page): Section | null {
  if (report.archives.length === 0) return null
  const noTerm = say(
    'Il titolare non ha ancora fissato un termine per questi dati: il criterio si può chiedere al responsabile della protezione dei dati.',
    'The controller has not yet set a term for these data: ask the data protection officer for the criteria.',
  )
  return {
    id: 'dati',
    title: say('Quali dati, da dove vengono, fino a quando', 'Which data, where from, until when'),
    blocks: [
      {
        kind: 'table',
        caption: say('Categorie, origine e conservazione', 'Categories, source and retention'),
        columns: [
          { title: say('Archivio', 'Records'), share: 28 },
          { title: say('Categorie', 'Categories'), share: 20 },
          { title: say('Origine', 'Source'), share: 22 },
          { title: say('Conservazione', 'Retention'), share: 30 },
        ],
        rows: report.archives.map((archive) => [
          [
            line(archive.resource.title, 'strong'),
            ...lines(archive.description),
            line(
              archive.records === 0
                ? say('nessuna scheda oggi', 'no record today')
                : say.count(archive.records, ['scheda', 'schede'], ['record', 'records']),
              'muted',
            ),
          ],
          archive.categories.flatMap((category) => [
            line(category.title),
            ...(category.judicial
              ? [line(say('dati giudiziari (articolo 10)', 'judicial data (Article 10)'), 'muted')]
              : []),
          ]),
          lines(
            archive.origin ??
              say('non indicata dal titolare: si può chiedere', 'not stated by the controller: you may ask'),
          ),
          archive.retention.length === 0
            ? lines(noTerm)
            : archive.retention.flatMap((rule) => [
                line(rule.title, 'strong'),
                line(
                  say(
                    `${format.period(rule.after)} da «${rule.trigger.title}», poi ${actionAfterTerm(rule.action, say)}`,
                    `${format.period(rule.after)} from “${rule.trigger.title}”, then ${actionAfterTerm(rule.action, say)}`,
                  ),
                ),
                line(rule.because, 'muted'),
              ]),
        ]),
      },
    ],
  }
}

function recipientsSection(page: Page): Section | null {
  const { report, say, format } = page
  if (report.recipients.length === 0) return null
  const to = (day: string | null) => (day === null ? say('in corso', 'current') : format.date(day))
  return {
    id: 'destinatari',
    title: say('A chi sono comunicati', 'To whom they are disclosed'),
    blocks: [
      {
        kind: 'paragraph',
        tone: 'normal',
        text: say(
          `Le società che lavorano per ${report.controller.short} con un contratto che riguarda questi dati, una per una (Corte di giustizia UE, causa C-154/21), con gli accessi che il registro contiene.`,
          `The companies that work for ${report.controller.short} under a contract concerning these data, one by one (CJEU, case C-154/21), with the accesses in the log.`,
        ),
      },
      ...report.recipients.flatMap((recipient): Block[] => [
        { kind: 'heading', text: recipient.company.title },
        {
          kind: 'facts',
          items: [
            {
              term: say('Recapiti', 'Contacts'),
              lines: lines(
                recipient.contact.name === recipient.company.title ? null : recipient.contact.name,
                recipient.contact.address,
                recipient.contact.email,
                recipient.contact.phone,
                format.country(recipient.country),
              ),
            },
            {
              term: say('Accessi nel registro', 'Accesses in the log'),
              lines: [
                ...lines(format.number(recipient.seen.accesses)),
                ...(recipient.seen.accesses === 0 ? [] : spanLines(recipient.seen, page)),
              ],
            },
          ],
        },
        ...(recipient.contracts.length === 0 ? [] : [contractsTable(recipient.contracts, page)]),
        ...(recipient.sub_processors.length === 0
          ? []
          : [
              {
                kind: 'table' as const,
                caption: say(
                  `Altri responsabili di cui si serve ${recipient.company.title}`,
                  `Sub-processors of ${recipient.company.title}`,
                ),
                columns: [
                  { title: say('Società', 'Company'), share: 34 },
                  { title: say('Servizio', 'Service'), share: 34 },
                  { title: say('Periodo', 'Period'), share: 32 },
                ],
                rows: recipient.sub_processors.map((sub) => [
                  [line(sub.name, 'strong'), line(format.country(sub.country), 'muted')],
                  lines(sub.service),
                  lines(`${format.date(sub.from)} – ${to(sub.to)}`),
                ]),
              },
            ]),
      ]),
    ],
  }
}

function contractsTable(contracts: SubjectReport['recipients'][number]['contracts'], page: Page): Block {
  const { say, format } = page
  return {
    kind: 'table',
    caption: say('Contratti', 'Contracts'),
    columns: [
      { title: say('Contratto', 'Contract'), share: 34 },
      { title: say('Durata', 'Duration'), share: 22 },
      { title: say('Attività sui Suoi dati', 'Work on your data'), share: 24 },
      { title: say('Accessi', 'Accesses'), share: 20 },
    ],
    rows: contracts.map((contract) => [
      [line(contract.reference, 'strong'), line(contract.title)],
      lines(
        say(`dal ${format.date(contract.from)}`, `from ${format.date(contract.from)}`),
        say(`al ${format.date(contract.to)}`, `to ${format.date(contract.to)}`),
      ),
      contract.purposes.map((purpose) => line(purpose.title)),
      contract.seen.accesses === 0
        ? lines(say('nessuno registrato', 'none recorded'))
        : [line(format.number(contract.seen.accesses), 'strong'), ...spanLines(contract.seen, page)],
    ]),
  }
}

function transfersSection({ report, say, format }: Page): Section | null {
  if (report.confirmation.code === 'nothing') return null
  return {
    id: 'trasferimenti',
    title: say('Trasferimenti e decisioni automatizzate', 'Transfers and automated decisions'),
    blocks: [
      { kind: 'paragraph', tone: 'normal', text: report.transfers.text },
      ...(report.transfers.outside.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              caption: say(
                'Destinatari fuori dallo Spazio economico europeo',
                'Recipients outside the European Economic Area',
              ),
              columns: [
                { title: say('Destinatario', 'Recipient'), share: 34 },
                { title: say('Paese', 'Country'), share: 20 },
                { title: say('Garanzia', 'Safeguard'), share: 46 },
              ],
              rows: report.transfers.outside.map((transfer) => [
                [line(transfer.recipient, 'strong')],
                lines(format.country(transfer.country)),
                lines(
                  transfer.safeguard ??
                    say(
                      'non indicata dal titolare: si può chiedere',
                      'not stated by the controller: you may ask',
                    ),
                ),
              ]),
            },
          ]),
      { kind: 'paragraph', tone: 'normal', text: report.automated_decisions },
    ],
  }
}

function rightsSection({ report, say }: Page): Section {
  return {
    id: 'diritti',
    title: say('I Suoi diritti', 'Your rights'),
    blocks: [
      {
        kind: 'list',
        items: report.rights.map((right) => ({
          title: `${right.title} (${say('articolo', 'Article')} ${right.article})`,
          text: right.text,
        })),
      },
      {
        kind: 'paragraph',
        tone: 'normal',
        text: say(
          `Per esercitarli scriva a ${report.controller.dpo.email}: la risposta arriva entro un mese, prorogabile di due se le richieste sono complesse.`,
          `To exercise them write to ${report.controller.dpo.email}: you get an answer within a month, which may be extended by two if requests are complex.`,
        ),
      },
      { kind: 'paragraph', tone: 'normal', text: report.complaint },
    ],
  }
}

function copySection({ report, say, format }: Page): Section | null {
  if (report.copy.length === 0) return null
  const withheld = say('[omesso: riguarda anche altre persone]', '[left out: also about other people]')
  return {
    id: 'copia',
    title: say('Copia dei Suoi dati', 'Copy of your data'),
    blocks: [
      {
        kind: 'paragraph',
        tone: 'normal',
        text: say(
          'Ogni scheda che La riguarda negli archivi collegati, com’è oggi. È omesso ciò che riguarda anche altre persone (articolo 15, paragrafo 4).',
          'Every record about you in the connected records, as it is today. What is also about other people is left out (Article 15(4)).',
        ),
      },
      ...report.copy.flatMap((set) =>
        set.records.flatMap((record): Block[] => [
          { kind: 'heading', text: `${set.resource.title} · ${record.key}` },
          {
            kind: 'facts',
            items: set.fields.map((field, i) => {
              const value = record.values[i] ?? null
              if (value === null) return { term: field.title, lines: [line('—', 'muted')] }
              if (typeof value === 'object') return { term: field.title, lines: [line(withheld, 'muted')] }
              return { term: field.title, lines: lines(format.value(value, field.type)) }
            }),
          },
        ]),
      ),
    ],
  }
}

function logSection({ report, say, format }: Page): Section {
  const { log } = report
  return {
    id: 'registro',
    title: say('Che cosa copre il registro', 'What the log covers'),
    blocks: [
      {
        kind: 'paragraph',
        tone: 'normal',
        text:
          log.since === null
            ? say(
                'Il registro degli accessi è ancora vuoto o ne è stata rimossa la parte iniziale.',
                'The log of accesses is still empty, or its first part was removed.',
              )
            : say(
                `Gli accessi sono registrati dal ${format.instant(log.since)}. Di quelli precedenti non esiste traccia: questo documento non può dire se ve ne siano stati.`,
                `Accesses are recorded since ${format.instant(log.since)}. Of earlier ones there is no trace: this document cannot tell whether there were any.`,
              ),
      },
      {
        kind: 'facts',
        items: [
          ...(log.origin === null
            ? []
            : [{ term: say('Nome del registro', 'Name of the log'), lines: [line(log.origin, 'code')] }]),
          ...(log.until === null
            ? []
            : [{ term: say('Aggiornato al', 'Up to'), lines: lines(format.instant(log.until)) }]),
          {
            term: say('Il registro conserva gli accessi', 'The log keeps accesses'),
            lines: [
              line(
                say(
                  `almeno ${format.period(log.retention.floor)} e al massimo ${format.period(log.retention.ceiling)}`,
                  `for at least ${format.period(log.retention.floor)} and at most ${format.period(log.retention.ceiling)}`,
                ),
              ),
              line(log.retention.because, 'muted'),
            ],
          },
          {
            term: say('Regole in vigore oggi', 'Rules in force today'),
            lines: [line(report.policy_version, 'code')],
          },
        ],
      },
      ...(log.writers.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              caption: say('Stato del registro', 'State of the log'),
              columns: [
                { title: say('Parte', 'Part'), share: 18 },
                { title: say('Dal', 'Since'), share: 22 },
                { title: say('Voci', 'Entries'), share: 12, align: 'end' as const },
                { title: say('Impronta', 'Fingerprint'), share: 26 },
                { title: say('Al', 'At'), share: 22 },
              ],
              rows: log.writers.map((writer) => [
                [line(`${writer.writer}.${writer.epoch}`, 'code')],
                lines(
                  writer.since === null
                    ? say('inizio rimosso', 'beginning removed')
                    : format.instant(writer.since),
                ),
                lines(format.number(writer.size)),
                [line(writer.root, 'code')],
                lines(format.instant(writer.at)),
              ]),
            },
          ]),
      ...(log.removals.length === 0
        ? [
            {
              kind: 'paragraph' as const,
              tone: 'normal' as const,
              text: say('Dal registro non è stato rimosso nulla.', 'Nothing was removed from the log.'),
            },
          ]
        : [
            {
              kind: 'table' as const,
              caption: say(
                'Rimozioni dal registro, ciascuna registrata',
                'Removals from the log, each recorded',
              ),
              columns: [
                { title: say('Quando', 'When'), share: 34 },
                { title: say('Che cosa', 'What'), share: 40 },
                { title: say('Voce', 'Entry'), share: 26 },
              ],
              rows: log.removals.map((removal) => [
                lines(format.instant(removal.at)),
                lines(
                  removal.kind === 'log-pruned'
                    ? say(
                        'parte più vecchia, oltre il termine di conservazione',
                        'oldest part, past its term',
                      )
                    : say(
                        'collegamenti a persone cancellate dagli archivi',
                        'links to people erased from the records',
                      ),
                ),
                [line(removal.event, 'code')],
              ]),
            },
          ]),
    ],
  }
}

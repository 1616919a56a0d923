import {
  line,
  lines,
  type Block,
  type Lines,
  type ReportDocument,
  type Section,
} from '../document/document.ts'
import { formatIn, type Format } from '../document/format.ts'
import { pageWords } from '../document/page-words.ts'
import { makingSection } from '../report/making-section.ts'
import { sayIn, type Say } from '../report/say.ts'
import type { BreachScope } from './breach-scope.ts'

/** The breach as the DPO reads it, with the notification's required contents in draft. */
export function breachDocument(scope: BreachScope, hash: string): ReportDocument {
  const say = sayIn(scope.locale)
  const format = formatIn(scope.locale, scope.time_zone)
  const { incident, controller, figures } = scope
  return {
    locale: scope.locale,
    title: say('Portata della violazione', 'Scope of the breach'),
    subtitle: say(
      'Articoli 33 e 34 del Regolamento (UE) 2016/679',
      'Articles 33 and 34 of Regulation (EU) 2016/679',
    ),
    issuer: { short: controller.short, name: controller.name },
    facts: [
      {
        term: say('Incidente', 'Incident'),
        lines: [line(incident.reference, 'strong'), ...lines(incident.description)],
      },
      { term: say('Conosciuto il', 'Aware since'), lines: lines(format.instant(incident.aware_at)) },
      {
        term: say('Notifica entro (72 ore)', 'Notify by (72 hours)'),
        lines: [
          line(format.instant(incident.notify_by), 'strong'),
          ...lines(controller.supervisor.name, controller.supervisor.address, controller.supervisor.web),
        ],
      },
      { term: say('Calcolata il', 'Computed on'), lines: lines(format.instant(scope.made.at)) },
    ],
    opening: [
      {
        kind: 'answer',
        text: scope.notification.nature,
        figures: [
          { value: format.number(figures.data_subjects), label: say('persone', 'people') },
          { value: format.number(figures.records), label: say('schede', 'records') },
          {
            value: format.number(figures.accesses - figures.denied),
            label: say('accessi riusciti', 'successful accesses'),
          },
          { value: format.number(figures.denied), label: say('accessi negati', 'denied accesses') },
        ],
      },
      ...categoriesTable(scope, say, format),
    ],
    sections: [
      scopeSection(scope, say, format),
      dataSection(scope, say, format),
      timeSection(scope, say, format),
      notificationSection(scope, say, format),
      makingSection(
        scope,
        say,
        format,
        say(
          'Le cifre sono ricalcolate dal registro degli accessi. Il calcolo stesso è una voce del registro, che ne conserva l’impronta: con il file JSON dentro questo documento chiunque verifica che non sia cambiato («varco report verify»).',
          'The figures are recomputed from the log of accesses. The computation itself is an entry of the log, which keeps its fingerprint: with the JSON file inside this document anyone can check that it has not changed (“varco report verify”).',
        ),
        [
          {
            kind: 'facts',
            items: [
              {
                term: say('Regole in vigore', 'Rules in force'),
                lines: [line(scope.policy_version, 'code')],
              },
            ],
          },
        ],
      ),
    ],
    hash,
    words: pageWords(say),
  }
}

function categoriesTable({ by_category: categories }: BreachScope, say: Say, format: Format): Block[] {
  if (categories.length === 0) return []
  return [
    {
      kind: 'table',
      caption: say('Persone per categoria di dati', 'People by category of data'),
      columns: [
        { title: say('Categoria', 'Category'), share: 50 },
        { title: say('In chiaro', 'In plain'), share: 25, align: 'end' },
        { title: say('Solo mascherati', 'Masked only'), share: 25, align: 'end' },
      ],
      rows: categories.map((category) => [
        [
          line(category.title, 'strong'),
          ...(category.judicial
            ? [line(say('dati giudiziari (articolo 10)', 'judicial data (Article 10)'), 'muted')]
            : []),
        ],
        lines(format.number(category.in_plain)),
        lines(format.number(category.masked_only)),
      ]),
    },
  ]
}

function scopeSection(
  { scope, figures, by_operator: operators, controller }: BreachScope,
  say: Say,
  format: Format,
): Section {
  const given = (term: string, value: string | null): { term: string; lines: Lines }[] =>
    value === null ? [] : [{ term, lines: [line(value, 'code')] }]
  return {
    id: 'ambito',
    title: say('Che cosa è stato compromesso', 'What was compromised'),
    blocks: [
      {
        kind: 'facts',
        items: [
          { term: say('Dal', 'From'), lines: lines(format.instant(scope.from)) },
          { term: say('Al (escluso)', 'To (exclusive)'), lines: lines(format.instant(scope.to)) },
          ...given(say('Operatore', 'Operator'), scope.operator),
          ...(scope.company === null
            ? []
            : [{ term: say('Società', 'Company'), lines: lines(scope.company.title) }]),
          ...(scope.contract === null
            ? []
            : [{ term: say('Contratto', 'Contract'), lines: lines(scope.contract.reference) }]),
          ...given(say('Nodo', 'Node'), scope.node),
          ...given(say('Postazione', 'Workstation'), scope.workstation),
          ...given(say('Pratica', 'Ticket'), scope.ticket),
          ...given(say('Autorizzazione', 'Grant'), scope.grant),
          ...given(say('Richiesta', 'Request'), scope.request),
          { term: say('Accessi trovati', 'Accesses found'), lines: lines(format.number(figures.accesses)) },
          ...(figures.first === null || figures.last === null
            ? []
            : [
                {
                  term: say('Primo e ultimo', 'First and last'),
                  lines: lines(format.instant(figures.first), format.instant(figures.last)),
                },
              ]),
        ],
      },
      ...(operators.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              caption: say('Chi li ha fatti', 'Who made them'),
              columns: [
                { title: say('Pseudonimo', 'Pseudonym'), share: 26 },
                { title: say('Società e ufficio', 'Company and unit'), share: 54 },
                { title: say('Accessi', 'Accesses'), share: 20, align: 'end' as const },
              ],
              rows: operators.map(({ operator, company, unit, accesses }) => [
                [line(operator ?? '—', 'code')],
                [line(company?.title ?? controller.name, 'strong'), ...lines(unit?.title)],
                lines(format.number(accesses)),
              ]),
            },
          ]),
    ],
  }
}

function dataSection(
  { by_resource: resources, by_kind: kinds, figures }: BreachScope,
  say: Say,
  format: Format,
): Section {
  return {
    id: 'dati',
    title: say('Quali persone e quali dati', 'Which people and which data'),
    blocks: [
      {
        kind: 'facts',
        items: [
          ...kinds.map(({ title, data_subjects: people }) => ({
            term: title,
            lines: lines(say.count(people, ['persona', 'persone'], ['person', 'people'])),
          })),
          {
            term: say('Schede di cui non si sa più di chi siano', 'Records whose owner is no longer known'),
            lines: lines(format.number(figures.records_without_owner)),
          },
          {
            term: say(
              'Schede di persone cancellate dal registro',
              'Records of people erased from the log since',
            ),
            lines: lines(format.number(figures.records_erased)),
          },
        ],
      },
      ...(resources.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              caption: say('Per archivio', 'By kind of record'),
              columns: [
                { title: say('Archivio', 'Records'), share: 24 },
                { title: say('In chiaro', 'In plain'), share: 38 },
                { title: say('Mascherati', 'Masked'), share: 38 },
              ],
              rows: resources.map(({ resource, accesses, records, data_subjects: people, plain, masked }) => [
                [
                  line(resource.title, 'strong'),
                  line(say.count(accesses, ['accesso', 'accessi'], ['access', 'accesses'])),
                  line(say.count(records, ['scheda', 'schede'], ['record', 'records'])),
                  line(say.count(people, ['persona', 'persone'], ['person', 'people'])),
                ],
                plain.map(({ title, category }) => line(`${title} (${category})`)),
                masked.map(({ title, category }) => line(`${title} (${category})`)),
              ]),
            },
          ]),
    ],
  }
}

function timeSection({ by_day: days }: BreachScope, say: Say, format: Format): Section {
  return {
    id: 'tempo',
    title: say('Giorno per giorno', 'Day by day'),
    blocks:
      days.length === 0
        ? [
            {
              kind: 'paragraph',
              tone: 'normal',
              text: say('Nessun accesso nel periodo.', 'No access in the period.'),
            },
          ]
        : [
            {
              kind: 'bars',
              caption: say('Accessi (e schede mostrate)', 'Accesses (and records shown)'),
              bars: days.map(({ day, accesses, records }) => ({
                label: format.date(day),
                value: accesses,
                text: `${format.number(accesses)} (${format.number(records)})`,
              })),
            },
          ],
  }
}

function notificationSection(
  { notification, by_kind: kinds, by_category: categories, figures, controller }: BreachScope,
  say: Say,
  format: Format,
): Section {
  const toWrite = [
    line(say('[da scrivere a cura del titolare]', '[to be written by the controller]'), 'muted'),
  ]
  return {
    id: 'notifica',
    title: say(
      'Bozza della notifica (articolo 33, paragrafo 3)',
      'Draft of the notification (Article 33(3))',
    ),
    blocks: [
      {
        kind: 'facts',
        items: [
          {
            term: say('a) Natura della violazione', '(a) Nature of the breach'),
            lines: lines(notification.nature),
          },
          {
            term: say('a) Categorie e numero di interessati', '(a) Categories and number of data subjects'),
            lines: lines(
              ...kinds.map(({ title, data_subjects: people }) => `${title}: ${format.number(people)}`),
              kinds.length === 0 ? format.number(figures.data_subjects) : null,
            ),
          },
          {
            term: say('a) Categorie e numero di registrazioni', '(a) Categories and number of records'),
            lines: lines(
              categories.map(({ title }) => title).join(', '),
              say.count(figures.records, ['scheda', 'schede'], ['record', 'records']),
            ),
          },
          {
            term: say('b) Punto di contatto', '(b) Contact point'),
            lines: lines(notification.contact, controller.dpo.address, controller.dpo.phone),
          },
          {
            term: say('Titolare', 'Controller'),
            lines: lines(
              controller.name,
              controller.contact.address,
              controller.contact.email,
              controller.contact.phone,
            ),
          },
          {
            term: say('c) Probabili conseguenze', '(c) Likely consequences'),
            lines: notification.consequences === null ? toWrite : lines(notification.consequences),
          },
          {
            term: say('d) Misure adottate o proposte', '(d) Measures taken or proposed'),
            lines: notification.measures === null ? toWrite : lines(notification.measures),
          },
        ],
      },
    ],
  }
}

import { line, lines, type Block, type ReportDocument, type Section } from '../document/document.ts'
import { formatIn, type Format } from '../document/format.ts'
import { pageWords } from '../document/page-words.ts'
import { makingSection } from '../report/making-section.ts'
import type { Contact } from '../report/parts.ts'
import { sayIn, type Say } from '../report/say.ts'
import { actionAfterTerm, legalBasisOf } from '../report/wording.ts'
import type { ProcessingRegister } from './register.ts'

/** The register as the DPO signs it and the supervisor reads it. */
export function registerDocument(register: ProcessingRegister, hash: string): ReportDocument {
  const say = sayIn(register.locale)
  const format = formatIn(register.locale, register.time_zone)
  const { controller } = register
  return {
    locale: register.locale,
    title: say('Registro delle attività di trattamento', 'Record of processing activities'),
    subtitle: say('Articolo 30 del Regolamento (UE) 2016/679', 'Article 30 of Regulation (EU) 2016/679'),
    issuer: { short: controller.short, name: controller.name },
    facts: [
      { term: say('Com’era il', 'As it stood on'), lines: lines(format.instant(register.as_of)) },
      { term: say('Regole in vigore', 'Rules in force'), lines: [line(register.policy_version, 'code')] },
      { term: say('Estratto il', 'Drawn on'), lines: lines(format.instant(register.made.at)) },
      { term: say('Titolare', 'Controller'), lines: contactLines(controller.contact, controller.name) },
      {
        term: say('Responsabile della protezione dei dati', 'Data protection officer'),
        lines: contactLines(controller.dpo),
      },
      {
        term: say('Autorità di controllo', 'Supervisory authority'),
        lines: lines(controller.supervisor.name, controller.supervisor.address, controller.supervisor.web),
      },
    ],
    opening: [
      {
        kind: 'table',
        caption: say('Attività', 'Activities'),
        columns: [
          { title: say('Finalità', 'Purpose'), share: 46 },
          { title: say('Interessati', 'Data subjects'), share: 24 },
          { title: say('Destinatari', 'Recipients'), share: 30 },
        ],
        rows: register.activities.map((activity) => [
          [line(activity.purpose.title, 'strong')],
          activity.data_subjects.map(({ title }) => line(title)),
          [...new Set(activity.recipients.map(({ company }) => company.title))].map((title) => line(title)),
        ]),
      },
    ],
    sections: [
      {
        id: 'attivita',
        title: say('Attività del titolare (paragrafo 1)', 'Activities of the controller (paragraph 1)'),
        blocks: register.activities.flatMap((activity) => activityBlocks(activity, say, format)),
      },
      processorsSection(register, say, format),
      transfersSection(register, say, format),
      {
        id: 'sicurezza',
        title: say('Misure di sicurezza', 'Security measures'),
        blocks: [{ kind: 'list', items: register.security }],
      },
      ...(register.changes === null ? [] : [changesSection(register.changes, say, format)]),
      makingSection(
        register,
        say,
        format,
        say(
          'L’estrazione di questo registro è una voce del registro degli accessi, che ne conserva l’impronta: con il file JSON dentro questo documento chiunque verifica che non sia cambiato («varco report verify»).',
          'The drawing of this register is an entry of the log of accesses, which keeps its fingerprint: with the JSON file inside this document anyone can check that it has not changed (“varco report verify”).',
        ),
      ),
    ],
    hash,
    words: pageWords(say),
  }
}

function contactLines(contact: Contact, name: string = contact.name): ReturnType<typeof lines> {
  return [
    line(name, 'strong'),
    ...lines(contact.name === name ? null : contact.name, contact.address, contact.email, contact.phone),
  ]
}

function activityBlocks(
  activity: ProcessingRegister['activities'][number],
  say: Say,
  format: Format,
): Block[] {
  const titles = (things: readonly { readonly title: string }[]) =>
    things.length === 0 ? [line('—', 'muted')] : things.map(({ title }) => line(title))
  return [
    { kind: 'heading', text: activity.purpose.title },
    {
      kind: 'facts',
      items: [
        { term: say('Finalità', 'Purpose'), lines: lines(activity.purpose.plain) },
        {
          term: say('Base giuridica', 'Legal basis'),
          lines: [line(legalBasisOf(activity.legal_basis, say)), line(activity.norm, 'muted')],
        },
        { term: say('Interessati', 'Data subjects'), lines: titles(activity.data_subjects) },
        {
          term: say('Categorie di dati', 'Categories of data'),
          lines: activity.categories.map(({ title, judicial }) =>
            line(judicial ? `${title} (${say('articolo 10', 'Article 10')})` : title),
          ),
        },
        { term: say('Archivi', 'Records'), lines: titles(activity.archives) },
        { term: say('Ruoli che vi accedono', 'Roles with access'), lines: titles(activity.roles) },
        {
          term: say('Destinatari', 'Recipients'),
          lines:
            activity.recipients.length === 0
              ? lines(say('Solo personale dell’ente.', 'The body’s own staff only.'))
              : activity.recipients.flatMap(({ company, contract, clause, from, to }) => [
                  line(company.title, 'strong'),
                  line(`${contract}, ${clause}, ${format.date(from)} – ${format.date(to)}`, 'muted'),
                ]),
        },
        {
          term: say('Termini di cancellazione', 'Limits for erasure'),
          lines:
            activity.retention.length === 0
              ? lines(say('Nessun termine è fissato.', 'No term is set.'))
              : activity.retention.flatMap((rule) => [
                  line(`${rule.archive.title}: ${rule.title}`, 'strong'),
                  line(
                    say(
                      `${format.period(rule.after)} da «${rule.trigger.title}», poi ${actionAfterTerm(rule.action, say)}`,
                      `${format.period(rule.after)} from “${rule.trigger.title}”, then ${actionAfterTerm(rule.action, say)}`,
                    ),
                  ),
                  line(rule.because, 'muted'),
                ]),
        },
        ...(activity.automated_decisions === null
          ? []
          : [
              {
                term: say('Decisioni automatizzate', 'Automated decisions'),
                lines: lines(activity.automated_decisions),
              },
            ]),
      ],
    },
  ]
}

function processorsSection(register: ProcessingRegister, say: Say, format: Format): Section {
  return {
    id: 'responsabili',
    title: say('Attività dei responsabili (paragrafo 2)', 'Activities of the processors (paragraph 2)'),
    blocks: register.processors.flatMap(
      ({ company, country, contact, contracts, sub_processors: subs }): Block[] => [
        { kind: 'heading', text: company.title },
        {
          kind: 'facts',
          items: [
            {
              term: say('Recapiti', 'Contacts'),
              lines: lines(
                contact.name,
                contact.address,
                contact.email,
                contact.phone,
                format.country(country),
              ),
            },
          ],
        },
        {
          kind: 'table',
          caption: say('Contratti', 'Contracts'),
          columns: [
            { title: say('Contratto', 'Contract'), share: 34 },
            { title: say('Durata', 'Duration'), share: 20 },
            { title: say('Trattamenti per conto del titolare', 'Processing for the controller'), share: 26 },
            { title: say('Alla fine', 'At its end'), share: 20 },
          ],
          rows: contracts.map((contract) => [
            [
              line(contract.reference, 'strong'),
              line(contract.title),
              ...(contract.mode === 'observe'
                ? [
                    line(
                      say(
                        'ciò che è fuori dall’allegato è segnalato, non bloccato',
                        'work outside the annex is flagged, not blocked',
                      ),
                      'muted',
                    ),
                  ]
                : []),
            ],
            lines(
              say(`dal ${format.date(contract.from)}`, `from ${format.date(contract.from)}`),
              say(`al ${format.date(contract.to)}`, `to ${format.date(contract.to)}`),
            ),
            contract.activities.map(({ title, clause }) => line(`${title} (${clause})`)),
            [
              line(
                say(
                  `cancellazione entro ${format.period(contract.exit.delete_within)}`,
                  `deletion within ${format.period(contract.exit.delete_within)}`,
                ),
              ),
              line(contract.exit.because, 'muted'),
            ],
          ]),
        },
        ...(subs.length === 0
          ? []
          : [
              {
                kind: 'table' as const,
                caption: say('Altri responsabili', 'Sub-processors'),
                columns: [
                  { title: say('Società', 'Company'), share: 34 },
                  { title: say('Servizio', 'Service'), share: 34 },
                  { title: say('Periodo', 'Period'), share: 32 },
                ],
                rows: subs.map((sub) => [
                  [line(sub.name, 'strong'), line(format.country(sub.country), 'muted')],
                  lines(sub.service),
                  lines(
                    `${format.date(sub.from)} – ${sub.to === null ? say('in corso', 'current') : format.date(sub.to)}`,
                  ),
                ]),
              },
            ]),
      ],
    ),
  }
}

function transfersSection({ transfers }: ProcessingRegister, say: Say, format: Format): Section {
  return {
    id: 'trasferimenti',
    title: say('Trasferimenti verso Paesi terzi', 'Transfers to third countries'),
    blocks:
      transfers.length === 0
        ? [
            {
              kind: 'paragraph',
              tone: 'normal',
              text: say(
                'Nessuno: tutti i destinatari sono nello Spazio economico europeo.',
                'None: all recipients are within the European Economic Area.',
              ),
            },
          ]
        : [
            {
              kind: 'table',
              caption: say(
                'Destinatari fuori dallo Spazio economico europeo',
                'Recipients outside the European Economic Area',
              ),
              columns: [
                { title: say('Destinatario', 'Recipient'), share: 34 },
                { title: say('Paese', 'Country'), share: 20 },
                { title: say('Garanzia', 'Safeguard'), share: 46 },
              ],
              rows: transfers.map(({ recipient, country, safeguard }) => [
                [line(recipient, 'strong')],
                lines(format.country(country)),
                lines(safeguard ?? say('non indicata', 'not stated')),
              ]),
            },
          ],
  }
}

function changesSection(
  changes: NonNullable<ProcessingRegister['changes']>,
  say: Say,
  format: Format,
): Section {
  const { since, items } = changes
  return {
    id: 'differenze',
    title: say(
      `Che cosa è cambiato dal ${format.day(since.as_of)}`,
      `What changed since ${format.day(since.as_of)}`,
    ),
    blocks: [
      {
        kind: 'facts',
        items: [
          { term: say('Confronto con il', 'Compared with'), lines: lines(format.instant(since.as_of)) },
          {
            term: say('Regole di allora', 'Rules then in force'),
            lines: [line(since.policy_version, 'code')],
          },
        ],
      },
      items.length === 0
        ? { kind: 'paragraph', tone: 'normal', text: say('Nulla è cambiato.', 'Nothing changed.') }
        : {
            kind: 'table',
            caption: say('Differenze', 'Differences'),
            columns: [
              { title: say('Che cosa', 'What'), share: 28 },
              { title: say('Prima', 'Before'), share: 36 },
              { title: say('Ora', 'Now'), share: 36 },
            ],
            rows: items.map(({ about, before, after }) => [
              [line(about, 'strong')],
              before === null ? [line(say('non c’era', 'was not there'), 'muted')] : lines(before),
              after === null ? [line(say('non c’è più', 'is gone'), 'muted')] : lines(after),
            ]),
          },
    ],
  }
}

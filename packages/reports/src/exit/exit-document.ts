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
import type { ExitCertificate } from './exit-certificate.ts'

interface Page {
  readonly report: ExitCertificate
  readonly say: Say
  readonly format: Format
}

/** The exit of a contract, as it is filed. */
export function exitDocument(report: ExitCertificate, hash: string): ReportDocument {
  const say = sayIn(report.locale)
  const format = formatIn(report.locale, report.time_zone)
  const page: Page = { report, say, format }
  const { contract, controller } = report
  return {
    locale: report.locale,
    title: report.complete
      ? say('Certificato di uscita dal contratto', 'Certificate of a contract’s exit')
      : say('Uscita dal contratto: che cosa manca', 'A contract’s exit: what is missing'),
    subtitle: say(
      'Restituzione o cancellazione dei dati, articolo 28, paragrafo 3, lettera g), del Regolamento (UE) 2016/679',
      'Return or deletion of the data, Article 28(3)(g) of Regulation (EU) 2016/679',
    ),
    issuer: { short: controller.short, name: controller.name },
    facts: [
      {
        term: say('Contratto', 'Contract'),
        lines: [
          line(contract.title, 'strong'),
          line(contract.reference),
          line(
            say(
              `dal ${format.date(contract.from)} al ${format.date(contract.to)}`,
              `from ${format.date(contract.from)} to ${format.date(contract.to)}`,
            ),
          ),
          line(contract.id, 'code'),
        ],
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
      { term: say('Fatto il', 'Made on'), lines: lines(format.instant(report.made.at)) },
      { term: say('Regole in vigore', 'Rules in force'), lines: [line(report.policy_version, 'code')] },
    ],
    opening: [openingOf(page)],
    sections: [
      standingSection(page),
      declarationsSection(page),
      copiesSection(page),
      stepsSection(page),
      makingSection(
        report,
        say,
        format,
        say(
          'Ogni passo è una voce del registro degli accessi, e lo è anche questo documento: il registro ne conserva l’impronta («varco report verify»).',
          'Each step is an entry of the access log, and so is this document: the log keeps its fingerprint (“varco report verify”).',
        ),
      ),
    ],
    hash,
    words: pageWords(say),
  }
}

function openingOf({ report, say, format }: Page): Block {
  const { contract, complete, missing, copies, verified } = report
  const left = copies.filter(({ end }) => end === null).length
  return {
    kind: 'answer',
    text: complete
      ? say(
          `Alla data indicata ${contract.company.title} non conserva più dati trattati per questo contratto: lo hanno dichiarato tutti gli obbligati, ogni copia ha la sua fine e due persone hanno verificato.`,
          `On the date given ${contract.company.title} keeps no more data processed under this contract: all who had to have declared it, every copy has its end, and two people have verified.`,
        )
      : say(
          'L’uscita non è conclusa: l’elenco dice che cosa manca.',
          'The exit is not concluded: the list says what is missing.',
        ),
    figures: [
      { value: format.number(missing.length), label: say('dichiarazioni mancanti', 'declarations missing') },
      { value: format.number(left), label: say('copie senza fine', 'copies without an end') },
      {
        value: verified === null ? say('no', 'no') : say('sì', 'yes'),
        label: say('verificata', 'verified'),
      },
    ],
  }
}

function standingSection({ report, say, format }: Page): Section {
  const { cause, opened, due, overdue, state, successor, choice, verified } = report
  const none = say('non ancora', 'not yet')
  return {
    id: 'stato',
    title: say('A che punto è', 'How it stands'),
    blocks: [
      {
        kind: 'facts',
        items: [
          { term: say('Causa', 'Cause'), lines: lines(cause.title) },
          {
            term: say('Accessi fermati il', 'Access stopped on'),
            lines: [line(format.instant(opened.at)), line(opened.by, 'code')],
          },
          {
            term: say('Termine', 'Deadline'),
            lines: [
              line(format.instant(due)),
              ...(overdue ? [line(say('superato', 'passed'), 'strong')] : []),
            ],
          },
          { term: say('Stato del contratto', 'State of the contract'), lines: lines(state?.title ?? '–') },
          {
            term: say('Chi subentra', 'Who goes on'),
            lines: lines(successor?.title ?? say('l’ente stesso', 'the body itself')),
          },
          {
            term: say('Pratiche passate', 'Tickets passed on'),
            lines: lines(format.number(report.tickets_moved)),
          },
          {
            term: say('Permessi revocati', 'Grants revoked'),
            lines: lines(format.number(report.grants_revoked)),
          },
          {
            term: say('Scelta del titolare', 'The controller’s choice'),
            lines:
              choice === null
                ? lines(none)
                : [
                    line(choice.kind.title, 'strong'),
                    line(format.instant(choice.at)),
                    line(choice.by, 'code'),
                  ],
          },
          {
            term: say('Verificata da', 'Verified by'),
            lines:
              verified === null
                ? lines(none)
                : [
                    line(verified.by, 'code'),
                    line(verified.second, 'code'),
                    line(format.instant(verified.at)),
                  ],
          },
        ],
      },
    ],
  }
}

function declarationsSection({ report, say, format }: Page): Section {
  return {
    id: 'dichiarazioni',
    title: say('Dichiarazioni', 'Declarations'),
    blocks: [
      {
        kind: 'table',
        caption: say('Chi deve dichiarare di non conservare nulla', 'Who must declare that nothing is kept'),
        columns: [
          { title: say('Chi', 'Who'), share: 30 },
          { title: say('Firmata il', 'Signed on'), share: 18 },
          { title: say('Documento (SHA-256)', 'Document (SHA-256)'), share: 30 },
          { title: say('Registrata', 'Recorded'), share: 22 },
        ],
        rows: [
          ...report.missing.map(({ kind, name }): Lines[] => [
            [line(name, 'strong'), line(kind.title, 'muted')],
            [line(say('manca', 'missing'), 'strong')],
            lines('–'),
            lines('–'),
          ]),
          ...report.declarations.map((declaration): Lines[] => [
            [line(declaration.name, 'strong'), line(declaration.kind.title, 'muted')],
            lines(format.date(declaration.signed_on)),
            [line(declaration.document, 'code')],
            [line(format.instant(declaration.recorded_at)), line(declaration.recorded_by, 'code')],
          ]),
        ],
      },
      {
        kind: 'paragraph',
        tone: 'normal',
        text: say(
          'Dei documenti è registrata l’impronta. Varco non ne controlla la firma: la verifica chi registra la dichiarazione.',
          'Of the documents the hash is recorded. Varco does not check their signatures: whoever records a declaration does.',
        ),
      },
    ],
  }
}

function copiesSection({ report, say, format }: Page): Section {
  return {
    id: 'copie',
    title: say('Copie', 'Copies'),
    blocks: [
      report.copies.length === 0
        ? {
            kind: 'paragraph',
            tone: 'normal',
            text: say(
              'Da questo contratto non risultano copie uscite come file.',
              'No copy is known to have left as a file under this contract.',
            ),
          }
        : {
            kind: 'table',
            caption: say('Ogni file uscito, e che fine ha fatto', 'Every file that left, and its end'),
            columns: [
              { title: say('Copia', 'Copy'), share: 32 },
              { title: say('Fatta', 'Made'), share: 24 },
              { title: say('Schede', 'Records'), share: 13, align: 'end' },
              { title: say('Fine', 'End'), share: 31 },
            ],
            rows: report.copies.map(({ id, kind, owner, purpose, event, records, made_at: madeAt, end }) => [
              [line(kind.title, 'strong'), ...lines(purpose?.title), line(id, 'code'), line(event, 'code')],
              [line(format.instant(madeAt)), line(owner, 'code')],
              lines(records === null ? '–' : format.number(records)),
              end === null
                ? [line(say('nessuna', 'none'), 'strong')]
                : [
                    line(end.how.title, 'strong'),
                    line(end.reason),
                    line(format.instant(end.at)),
                    line(end.by, 'code'),
                  ],
            ]),
          },
    ],
  }
}

function stepsSection({ report, say, format }: Page): Section {
  return {
    id: 'passi',
    title: say('I passi', 'The steps'),
    blocks: [
      {
        kind: 'table',
        caption: say('La vita del contratto', 'The contract’s life'),
        columns: [
          { title: say('Quando', 'When'), share: 26 },
          { title: say('Passo', 'Step'), share: 22 },
          { title: say('Chi', 'Who'), share: 18 },
          { title: say('Perché', 'Why'), share: 34 },
        ],
        rows: report.steps.map(({ at, step, by, second, reason }) => [
          lines(format.instant(at)),
          [line(step.title, 'strong')],
          [line(by, 'code'), ...(second === null ? [] : [line(second, 'code')])],
          lines(reason),
        ]),
      },
    ],
  }
}

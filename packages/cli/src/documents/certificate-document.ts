import { line, lines, type ReportDocument, type Section } from '@varco/reports'
import type { Bundle } from '@varco/policy'
import type { Certificate } from '@varco/retention'
import {
  actionName,
  approvalsTable,
  contactFacts,
  pageFrame,
  resourceTitle,
  retentionPage,
  ruleTitle,
  type RetentionPage,
} from './retention-page.ts'

/** A certificate of destruction as it is filed; the signed one is the JWS, which is named at its foot. */
export function certificateDocument(bundle: Bundle, certificate: Certificate, hash: string): ReportDocument {
  const page = retentionPage(bundle)
  const { say, format } = page
  const done = certificate.rules.reduce((sum, rule) => sum + rule.done, 0)
  const foundAgain = certificate.rules.reduce((sum, rule) => sum + rule.found_again, 0)
  const end = certificate.backups_end
  return {
    ...pageFrame(page, hash),
    title: say('Certificato di distruzione', 'Certificate of destruction'),
    subtitle: say(
      'Che cosa è stato trattato alla scadenza, per quale norma e con quali approvazioni',
      'What was disposed of at its term, under which norm and on whose approval',
    ),
    facts: [
      {
        term: say('Piano', 'Plan'),
        lines: [line(certificate.plan.id, 'code'), line(format.date(certificate.plan.day))],
      },
      { term: say('Impronta del piano', 'Hash of the plan'), lines: [line(certificate.plan.hash, 'code')] },
      { term: say('Iniziato', 'Started'), lines: lines(format.instant(certificate.started_at)) },
      {
        term: say('Concluso', 'Ended'),
        lines: lines(
          format.instant(certificate.ended_at),
          ...(certificate.ended_early === null ? [] : [say('prima del termine', 'before its end')]),
        ),
      },
      ...contactFacts(page),
      {
        term: say('Regole in vigore', 'Rules in force'),
        lines: [line(certificate.plan.policy_version, 'code')],
      },
    ],
    opening: [
      {
        kind: 'answer',
        text:
          end === null
            ? say(
                'I record elencati per regola non ci sono più. Le regole non dicono per quanto tempo restano nelle copie di sicurezza.',
                'The records counted by rule are no longer there. The rules do not say for how long backups keep them.',
              )
            : say(
                `I record elencati per regola non ci sono più. Nelle copie di sicurezza restano al più fino al ${format.date(end)}.`,
                `The records counted by rule are no longer there. Backups may hold them until ${format.date(end)} at the latest.`,
              ),
        figures: [
          { value: format.number(done), label: say('record trattati', 'records disposed of') },
          {
            value: format.number(foundAgain),
            label: say('ritrovati alla verifica', 'found again on verification'),
          },
        ],
      },
    ],
    sections: [
      rulesSection(page, certificate),
      {
        id: 'approvazioni',
        title: say('Approvazioni', 'Approvals'),
        blocks: [
          approvalsTable(page, certificate.approvals),
          {
            kind: 'paragraph',
            tone: 'muted',
            text: say(
              `Il piano è stato fatto da ${certificate.plan.planned_by} il ${format.instant(certificate.plan.planned_at)}: chi fa un piano non lo approva.`,
              `The plan was made by ${certificate.plan.planned_by} on ${format.instant(certificate.plan.planned_at)}: who makes a plan does not approve it.`,
            ),
          },
        ],
      },
      proofSection(page, certificate),
    ],
  }
}

function rulesSection(page: RetentionPage, { rules }: Certificate): Section {
  const { say, format } = page
  const reasons = (kept: Certificate['rules'][number]['kept']): readonly string[] =>
    [
      [kept.held, say('per un blocco', 'for a hold')],
      [kept.referenced, say('servono ad altri record', 'other records need them')],
      [kept.not_due, say('non più scaduti', 'no longer due')],
      [kept.identifiable, say('ancora riconoscibili', 'could still be told apart')],
      [
        kept.upstream,
        say('per dati in altri sistemi non cancellabili', 'other systems would not let their data go'),
      ],
      [kept.not_authorised, say('non autorizzati', 'not authorised')],
      [kept.busy, say('in uso', 'in use')],
      [kept.gone, say('già assenti', 'gone before')],
      [kept.not_reached, say('non raggiunti', 'not reached')],
      [kept.unsure, say('forse trattati', 'perhaps disposed of')],
    ].flatMap(([count, why]) => (count === 0 ? [] : [`${format.number(Number(count))} ${why}`]))
  return {
    id: 'regole',
    title: say('Che cosa, per quale norma', 'What, under which norm'),
    blocks: [
      {
        kind: 'table',
        caption: say('Per regola', 'By rule'),
        columns: [
          { title: say('Dati', 'Data'), share: 3 },
          { title: say('Azione e norma', 'Action and norm'), share: 5 },
          { title: say('Trattati', 'Disposed of'), share: 2, align: 'end' },
          { title: say('Rimasti', 'Kept'), share: 3 },
        ],
        rows: rules.map(({ rule, resource, action, norm, done, planned, kept, upstream }) => [
          [line(resourceTitle(page, resource)), line(ruleTitle(page, rule), 'muted')],
          [line(actionName(say, action)), line(norm, 'muted')],
          [
            line(
              say(
                `${format.number(done)} di ${format.number(planned)}`,
                `${format.number(done)} of ${format.number(planned)}`,
              ),
            ),
            ...upstream.map((went) =>
              line(
                `${format.number(went.done)} ${resourceTitle(page, went.resource)} (${went.upstream})`,
                'muted',
              ),
            ),
          ],
          lines(...reasons(kept)),
        ]),
      },
    ],
  }
}

function proofSection(page: RetentionPage, { rules }: Certificate): Section {
  const { say } = page
  return {
    id: 'prova',
    title: say('Come si verifica', 'How it is verified'),
    blocks: [
      {
        kind: 'paragraph',
        tone: 'normal',
        text: say(
          'Dopo ogni gruppo di cancellazioni i record sono stati cercati di nuovo. Il certificato firmato è il file JWS: «varco retention certificate --verify» lo controlla con la sola chiave pubblica. Un’impronta per regola riassume le chiavi dei record, che non sono conservate.',
          'After each slice the records were asked for again. The signed certificate is the JWS file: “varco retention certificate --verify” checks it with the public key alone. One digest a rule sums up the keys of the records, which are not kept.',
        ),
      },
      {
        kind: 'facts',
        items: rules.flatMap(({ rule, keys_digest: digest, archive, upstream }) => [
          { term: ruleTitle(page, rule), lines: [line(digest, 'code')] },
          ...upstream.map((went) => ({
            term: resourceTitle(page, went.resource),
            lines: [line(went.keys_digest, 'code')],
          })),
          ...(archive === null
            ? []
            : [
                {
                  term: say('Archivio: impronta dell’elenco', 'Archive: digest of its manifest'),
                  lines: [line(archive.manifest, 'code')],
                },
              ]),
        ]),
      },
    ],
  }
}

import { line, type Block, type Section } from '../document/document.ts'
import type { Format } from '../document/format.ts'
import { makingSection, proofLines } from '../report/making-section.ts'
import type { Say } from '../report/say.ts'
import type { ListedAccesses } from './listed-accesses.ts'
import type { SubjectReport } from './report.ts'

/** What each access's proof proves. */
export function proofSection(
  report: SubjectReport,
  listed: ListedAccesses,
  say: Say,
  format: Format,
): Section {
  const intro = say(
    'Ogni accesso elencato è una voce di un registro che nessuno può cambiare senza che si veda, neppure chi lo gestisce. Per ognuna c’è una prova matematica (RFC 6962) che porta a una dichiarazione firmata del registro. La prova completa è nel file JSON dentro questo documento: chiunque, senza collegarsi a nulla, la verifica con il comando «varco report verify» e la chiave pubblica del registro.',
    'Each access listed is an entry of a log that nobody can change unseen, not even those who run it. Each has a mathematical proof (RFC 6962) that leads to a signed statement of the log. The full proof is in the JSON file inside this document: anyone can check it, connected to nothing, with the command “varco report verify” and the log’s public key.',
  )
  return makingSection(
    report,
    say,
    format,
    intro,
    listed.count === 0 ? [] : [accessProofs(listed, say, format)],
  )
}

function accessProofs(listed: ListedAccesses, say: Say, format: Format): Block {
  return {
    kind: 'table',
    caption: say('Prova di ciascun accesso', 'Proof of each access'),
    columns: [
      { title: say('Voce', 'Entry'), share: 22 },
      {
        title: say(
          'Impronta della voce, posizione, regole in vigore',
          'Entry’s fingerprint, position, rules in force',
        ),
        share: 78,
      },
    ],
    rows: listed.rows((access) => [
      [line(access.event, 'code'), line(format.instant(access.at), 'muted')],
      [
        ...proofLines(access.proof, say, format),
        ...(access.policy_version === null ? [] : [line(access.policy_version, 'code')]),
      ],
    ]),
  }
}

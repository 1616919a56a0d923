import { line, lines, type Section } from '../document/document.ts'
import type { Format } from '../document/format.ts'
import { proofLines } from '../report/making-section.ts'
import type { Say } from '../report/say.ts'
import type { SubjectReport } from './report.ts'

/** Who of the staff is named, why that weighed more, and who decided so. */
export function identitiesSection({ identities }: SubjectReport, say: Say, format: Format): Section | null {
  if (identities.length === 0) return null
  return {
    id: 'identita',
    title: say('Identità comunicate', 'Identities disclosed'),
    blocks: [
      {
        kind: 'paragraph',
        tone: 'normal',
        text: say(
          'Per queste persone due incaricati dell’ente hanno valutato, per questa richiesta, che conoscere l’identità è indispensabile per far valere i Suoi diritti e pesa più dell’interesse di chi ha lavorato (Corte di giustizia UE, causa C-579/21). La valutazione è nel registro e la persona nominata può leggerla. Le altre restano indicate con lo pseudonimo.',
          'For these people two officers of the body weighed, for this request, that knowing who they are is essential to exercise your rights and outweighs the interest of those who worked (CJEU, case C-579/21). The balancing is in the log, and the person named can read it. The others stay under their pseudonym.',
        ),
      },
      {
        kind: 'table',
        caption: say('Chi, perché e per decisione di chi', 'Who, why and by whose decision'),
        columns: [
          { title: say('Pseudonimo', 'Pseudonym'), share: 18 },
          { title: say('Identità', 'Identity'), share: 26 },
          { title: say('Valutazione', 'Balancing'), share: 30 },
          { title: say('Decisa da', 'Decided by'), share: 26 },
        ],
        rows: identities.map(({ operator, issuer, external_id: id, balancing }) => [
          [line(operator, 'code')],
          [line(id, 'strong'), line(`${say('presso', 'at')} ${issuer}`, 'muted')],
          lines(balancing.reason),
          [
            line(`${say('Proposta', 'Proposed')}: ${balancing.requested_by}`),
            line(`${say('Approvata', 'Approved')}: ${balancing.approved_by}`),
            line(format.instant(balancing.at)),
            line(balancing.event, 'code'),
            ...proofLines(balancing.proof, say, format),
          ],
        ]),
      },
    ],
  }
}

import { hash } from 'node:crypto'
import { line, lines, type Block, type Lines, type Section } from '../document/document.ts'
import type { Format } from '../document/format.ts'
import type { Made, ReportedProof } from './parts.ts'
import type { Say } from './say.ts'

interface Proved {
  readonly time_zone: string
  readonly made: Made
  readonly checkpoints: readonly string[]
}

/**
 * How a stranger checks a report, and how its making stands in the log. The audit paths travel in the attached
 * JSON. `particulars` come between the making and the signed statements.
 */
export function makingSection(
  report: Proved,
  say: Say,
  format: Format,
  intro: string,
  particulars: readonly Block[] = [],
): Section {
  const { made, checkpoints } = report
  return {
    id: 'prove',
    title: say('Appendice: le prove', 'Appendix: the proofs'),
    blocks: [
      { kind: 'paragraph', tone: 'normal', text: intro },
      {
        kind: 'facts',
        items: [
          {
            term: say('Questa relazione nel registro', 'This report in the log'),
            lines: [line(made.event, 'code'), ...proofLines(made.proof, say, format)],
          },
          {
            term: say('Impronta del contenuto, registrata', 'Fingerprint of the content, recorded'),
            lines: [line(made.content, 'code')],
          },
          { term: say('Chiesta da', 'Asked for by'), lines: [line(made.by, 'code')] },
          { term: say('Fuso orario delle date', 'Time zone of the dates'), lines: lines(report.time_zone) },
        ],
      },
      ...particulars,
      ...checkpoints.flatMap((note, i): Block[] => [
        { kind: 'heading', text: say(`Dichiarazione firmata ${i + 1}`, `Signed statement ${i + 1}`) },
        { kind: 'paragraph', tone: 'code', text: note.trimEnd() },
      ]),
    ],
  }
}

export function proofLines(proof: ReportedProof | null, say: Say, format: Format): Lines {
  if (proof === null) return lines(say('Prova non disponibile.', 'Proof not available.'))
  const [index, size] = [format.number(Number(proof.index) + 1), format.number(Number(proof.size))]
  return [
    line(leafHash(proof.body), 'code'),
    line(
      say(
        `voce ${index} di ${size}, dichiarazione ${proof.checkpoint + 1}`,
        `entry ${index} of ${size}, statement ${proof.checkpoint + 1}`,
      ),
      'muted',
    ),
  ]
}

/** RFC 6962 section 2.1: SHA-256 of a zero byte and the entry. */
function leafHash(body: string): string {
  return hash('sha256', `\0${body}`, 'base64')
}

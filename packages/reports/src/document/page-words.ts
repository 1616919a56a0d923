import type { Say } from '../report/say.ts'
import type { ReportDocument } from './document.ts'

/** What every page of every report says of itself. */
export function pageWords(say: Say): ReportDocument['words'] {
  return {
    contents: say('In questo documento', 'In this document'),
    page: (page, of) => say(`Pagina ${page} di ${of}`, `Page ${page} of ${of}`),
    hash: say('Impronta SHA-256 del file JSON', 'SHA-256 fingerprint of the JSON file'),
    attachment: say(
      'Gli stessi fatti, leggibili da una macchina, con le prove complete',
      'The same facts, machine-readable, with the full proofs',
    ),
  }
}

import { microsToIso } from '@varco/core'
import { minutesLater } from '../day.ts'
import { randomFrom, type Random } from '../random.ts'
import { randomUuid } from '../random-uuid.ts'
import type { HandledTicket } from '../sample-tickets.ts'

export interface ContactNoteRow {
  readonly note_id: string
  readonly producer_id: string
  readonly ticket_id: string
  readonly contract: string
  readonly channel: HandledTicket['channel']
  readonly purpose: string
  readonly topic: string
  readonly text: string
  readonly outcome: 'resolved' | 'forwarded' | 'waiting'
  readonly written_by: string
  readonly written_at: string
  readonly segregated: boolean
}

/**
 * One or two to each ticket. Most end forwarded: the operators can seldom resolve what they are asked.
 * Tickets never are about a segregated file, so neither are the notes.
 */
export function* contactNotes(tickets: Iterable<HandledTicket>, seed: string): Generator<ContactNoteRow> {
  const random = randomFrom(seed, 'notes')
  for (const ticket of tickets) {
    const count = random.chance(0.35) ? 2 : 1
    for (let turn = 0; turn < count; turn += 1) yield noteRow(ticket, turn, random)
  }
}

function noteRow(ticket: HandledTicket, turn: number, random: Random): ContactNoteRow {
  const [topic, text] = random.pick(TEXTS[ticket.purpose] ?? OTHER)
  return {
    note_id: randomUuid(random),
    producer_id: ticket.dataSubject,
    ticket_id: ticket.id,
    contract: ticket.contract ?? '',
    channel: ticket.channel,
    purpose: ticket.purpose,
    topic,
    text,
    outcome:
      ticket.status === 'open'
        ? 'waiting'
        : random.weighted([
            ['forwarded', 62],
            ['resolved', 38],
          ]),
    written_by: ticket.handledBy,
    written_at: microsToIso(minutesLater(ticket.openedAt, 2 + turn)),
    segregated: false,
  }
}

type Texts = readonly [readonly [string, string], ...(readonly [string, string])[]]

const OTHER: Texts = [['Richiesta generica', 'Chiede informazioni, indirizzato al portale.']]

const TEXTS: Readonly<Record<string, Texts>> = {
  'invoice-enquiry': [
    ['Pagamento in ritardo', 'Chiede quando sarà pagata l’ultima fattura. Comunicata la data prevista.'],
    [
      'Importo diverso dal previsto',
      'Contesta l’importo, dice che il contatore segna di più. Inoltrato alla fatturazione.',
    ],
    [
      'Conto corrente cambiato',
      'Ha cambiato banca e non sa come comunicarlo. Indicata la procedura sul portale.',
    ],
    ['Fattura sospesa', 'Chiede perché è sospesa. Non visibile il motivo, inoltrato.'],
  ],
  'practice-status': [
    ['Documenti mancanti', 'Ha ricevuto una richiesta di integrazione, chiede quali documenti servono.'],
    ['Voltura', 'Il padre è deceduto, il figlio chiede come intestarsi l’impianto. Inoltrato.'],
    ['Sostituzione moduli', 'Grandine: deve sostituire i moduli, chiede se perde l’incentivo.'],
  ],
  'portal-support': [
    ['Password', 'Non riesce a entrare, utenza bloccata. Inoltrato al coordinatore.'],
    ['Secondo fattore', 'Ha cambiato telefono e non riceve il codice.'],
    ['Delega', 'Chiede come delegare il commercialista.'],
  ],
  'meter-reading-enquiry': [
    ['Misure assenti', 'Sul portale mancano le misure del mese. Il gestore di rete dice di averle inviate.'],
    ['Contatore sostituito', 'Contatore cambiato, letture ripartite da zero. Inoltrato alle misure.'],
  ],
  'antimafia-status': [
    ['Verifica antimafia', 'Chiede se la documentazione è arrivata. Comunicato il solo stato.'],
  ],
  'complaint-handling': [
    ['Sollecito', 'Terza chiamata per lo stesso problema, chiede un responsabile.'],
    ['Reclamo scritto', 'Vuole sapere entro quando avrà risposta.'],
  ],
}

import { isoDay, type Day } from '../day.ts'
import { randomFrom, type Random } from '../random.ts'
import { producerTraits } from '../sample-body.ts'
import type { ProducerRow } from './producers.ts'

export interface ComplaintRow {
  readonly complaint_id: string
  readonly producer_id: string
  readonly channel: 'email' | 'certified-email' | 'letter' | 'portal'
  readonly topic: string
  readonly text: string
  readonly answer: string | null
  readonly status: 'received' | 'assigned' | 'answered'
  readonly unit: 'invoicing' | 'photovoltaic' | 'metering' | 'customer-relations'
  readonly officer_notes: string | null
  readonly received_on: string
  readonly due_on: string
  readonly answered_on: string | null
  readonly segregated: boolean
}

/** Days within which the body answers. */
const TERM = 30

/** One producer in eight has complained, once. */
export function* complaints(
  producers: readonly ProducerRow[],
  seed: string,
  today: Day,
): Generator<ComplaintRow> {
  const random = randomFrom(seed, 'complaints')
  let serial = 0
  for (const [index, producer] of producers.entries()) {
    if (!producerTraits(index).complained) continue
    serial += 1
    yield complaintRow(producer, `REC-${String(serial).padStart(5, '0')}`, random, today)
  }
}

function complaintRow(producer: ProducerRow, complaintId: string, random: Random, today: Day): ComplaintRow {
  const received = today - random.int(1, 900)
  const answered = received + random.int(6, 48)
  const isAnswered = answered < today
  const [unit, topic, text, answer] = random.pick(TEXTS)
  return {
    complaint_id: complaintId,
    producer_id: producer.producer_id,
    channel: random.weighted([
      ['email', 5],
      ['certified-email', 3],
      ['letter', 1],
      ['portal', 3],
    ]),
    topic,
    text,
    answer: isAnswered ? answer : null,
    status: isAnswered ? 'answered' : random.pick(['received', 'assigned']),
    unit,
    officer_notes: random.chance(0.25) ? 'Sentita l’unità competente.' : null,
    received_on: isoDay(received),
    due_on: isoDay(received + TERM),
    answered_on: isAnswered ? isoDay(answered) : null,
    segregated: producer.segregated,
  }
}

type Text = readonly [unit: ComplaintRow['unit'], topic: string, text: string, answer: string]

const TEXTS: readonly [Text, ...Text[]] = [
  [
    'invoicing',
    'Ritardo nei pagamenti',
    'Da due trimestri non ricevo alcun pagamento e nessuno sa dirmi perché.',
    'Il pagamento è stato disposto; ci scusiamo per il ritardo.',
  ],
  [
    'invoicing',
    'Importo errato',
    'L’importo dell’ultima fattura non corrisponde all’energia prodotta.',
    'La fattura è stata rettificata.',
  ],
  [
    'photovoltaic',
    'Pratica ferma',
    'La mia pratica è ferma da mesi nonostante i documenti inviati.',
    'La pratica è stata definita; il provvedimento è sul portale.',
  ],
  [
    'photovoltaic',
    'Richieste ripetute',
    'Mi chiedete per la terza volta lo stesso documento.',
    'Il documento risulta acquisito; la richiesta è annullata.',
  ],
  [
    'metering',
    'Misure sbagliate',
    'Le misure pubblicate non sono quelle del mio contatore.',
    'Il gestore di rete ha inviato la rettifica.',
  ],
  [
    'customer-relations',
    'Contact center',
    'Ho chiamato cinque volte e ogni volta ho dovuto raccontare tutto da capo.',
    'Abbiamo verificato i contatti e preso in carico la richiesta.',
  ],
]

import type { Random } from './random.ts'

const STREET_KINDS = [
  'Via',
  'Via',
  'Via',
  'Via',
  'Corso',
  'Viale',
  'Piazza',
  'Strada',
  'Località',
  'Contrada',
] as const
const STREETS = [
  ...([
    'Roma',
    'Garibaldi',
    'Mazzini',
    'Cavour',
    'Dante Alighieri',
    'della Libertà',
    'Verdi',
    'Marconi',
  ] as const),
  ...([
    'Matteotti',
    'dei Mille',
    'San Rocco',
    'delle Rose',
    'del Mulino',
    'della Fonte',
    'XXV Aprile',
  ] as const),
  ...([
    'IV Novembre',
    'Leopardi',
    'Manzoni',
    'Galvani',
    'del Lavoro',
    'dell’Artigianato',
    'della Stazione',
  ] as const),
  ...([
    'San Martino',
    'Monte Grappa',
    'Aldo Moro',
    'Pascoli',
    'delle Industrie',
    'del Colle',
    'Vecchia',
  ] as const),
] as const

export function streetAddress(random: Random): string {
  const letter = random.chance(0.08) ? `/${random.pick(['A', 'B', 'C'])}` : ''
  return `${random.pick(STREET_KINDS)} ${random.pick(STREETS)} ${random.int(1, 180)}${letter}`
}

export function phone(random: Random): string {
  return random.chance(0.8)
    ? `+39 300 ${random.digits(7)}`
    : `+39 0${random.int(11, 99)} 000 ${random.digits(4)}`
}

/** Words nobody has founded a firm under, as far as two syllables glued together can promise it. */
const FIRM_BEGINNINGS = [
  ...([
    'Solam',
    'Lucid',
    'Ventalb',
    'Brill',
    'Radios',
    'Meridiol',
    'Chiarom',
    'Zenital',
    'Raggiant',
    'Aurilum',
  ] as const),
  ...([
    'Fotolin',
    'Elion',
    'Albadr',
    'Splendol',
    'Celest',
    'Ardor',
    'Fiamm',
    'Nuvol',
    'Terrasol',
    'Orizz',
  ] as const),
] as const
const FIRM_MIDDLES = ['ir', 'or', 'al', 'ec', 'iv', 'ast', 'und', 'ell', 'ign', 'ov'] as const
const FIRM_ENDS = ['ana', 'ola', 'enza', 'ura', 'esca', 'onda', 'aria', 'uno'] as const
const FIRM_TRADES = [
  ...(['Energia', 'Fotovoltaico', 'Impianti', 'Solare', 'Rinnovabili'] as const),
  ...([
    'Società Agricola',
    'Allevamenti',
    'Serre',
    'Logistica',
    'Condomini',
    'Alimentari',
    'Meccanica',
  ] as const),
] as const
const FIRM_FORMS = ['S.r.l.', 'S.r.l.', 'S.r.l.', 'S.p.A.', 'S.a.s.', 'S.n.c.', 'Soc. coop.'] as const

export function firmName(random: Random): string {
  const coined = `${random.pick(FIRM_BEGINNINGS)}${random.pick(FIRM_MIDDLES)}${random.pick(FIRM_ENDS)}`
  return `${coined} ${random.pick(FIRM_TRADES)} ${random.pick(FIRM_FORMS)}`
}

/** Distributors that do not exist; the larger the country's part, the more messages they send. */
export const GRID_OPERATORS = [
  ['Rete Ondalunga Distribuzione S.p.A.', 78],
  ['Linee Sannarola S.p.A.', 9],
  ['Municipale Reti Vallebruma S.r.l.', 5],
  ['Elettrica Montelira Soc. coop.', 4],
  ['Distribuzione Isole Cormarine S.r.l.', 4],
] as const

export const DOCUMENTS = [
  ...([
    'dichiarazione sostitutiva',
    'visura catastale',
    'regolamento di esercizio',
    'certificato dei moduli',
  ] as const),
  ...([
    'documento di identità',
    'titolo di disponibilità del sito',
    'schema elettrico unifilare',
    'perizia asseverata',
  ] as const),
] as const

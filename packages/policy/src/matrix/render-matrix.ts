import { INTERNAL } from '../decision/rule-index.ts'
import { harmlessCell, type Locale } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import { ACTIONS, type Action } from '../bundle/schema.ts'
import type { MatrixEntry } from './policy-matrix.ts'

/** RFC 4180, one line an outcome. A text that a spreadsheet would take for a formula gets an apostrophe before it. */
export function matrixCsv(entries: readonly MatrixEntry[]): string {
  const lines = entries.flatMap(({ resource, field, role, contracts, purpose, action, outcomes }) =>
    outcomes.map(({ shown, rows }) => [
      role,
      contracts.join(' '),
      purpose,
      action,
      resource,
      field ?? RECORDS,
      shown,
      rows,
    ]),
  )
  return [['role', 'contracts', 'purpose', 'action', 'resource', 'field', 'shown', 'rows'], ...lines]
    .map((line) => `${line.map(csvCell).join(',')}\r\n`)
    .join('')
}

function csvCell(text: string): string {
  const safe = harmlessCell(text)
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** As the diff names what is counted. */
const RECORDS = '(records)'

/** For a terminal: a heading for each role, purpose, resource and what is done with it, a line for each way of showing. */
export function matrixText(entries: readonly MatrixEntry[]): string {
  return sections(entries)
    .map(({ role, purpose, resource, contracts, actions, lines }) =>
      [
        `${role} / ${purpose} / ${resource} (${contracts}) / ${actions.join(', ')}`,
        ...lines.map(
          ({ shown, rows, fields }) => `  ${shown.padEnd(8)} ${fields.join(', ')}\n           ${rows}`,
        ),
      ].join('\n'),
    )
    .join('\n\n')
}

interface Section {
  readonly role: string
  readonly purpose: string
  readonly resource: string
  readonly contracts: string
  readonly actions: readonly Action[]
  readonly lines: readonly {
    readonly shown: string
    readonly rows: string
    readonly fields: readonly string[]
  }[]
}

/** What may be done in the same way with all of it stands once. */
function sections(entries: readonly MatrixEntry[]): readonly Section[] {
  const alike = Map.groupBy(sectionsByAction(entries), (section) =>
    JSON.stringify({ ...section, actions: null }),
  )
  return [...alike.values()].flatMap((same) =>
    same.slice(0, 1).map((section) => ({ ...section, actions: same.flatMap(({ actions }) => actions) })),
  )
}

function sectionsByAction(entries: readonly MatrixEntry[]): readonly Section[] {
  const groups = Map.groupBy(entries, ({ role, purpose, resource, contracts, action }) =>
    JSON.stringify([role, purpose, resource, contracts.join(', '), ACTIONS.indexOf(action)]),
  )
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, group]) => {
      const [role = '', purpose = '', resource = '', contracts = ''] = JSON.parse(key) as string[]
      const ways = group.flatMap(({ field, outcomes }) =>
        outcomes.map(({ shown, rows }) => ({ field: field ?? RECORDS, shown, rows })),
      )
      const lines = [...Map.groupBy(ways, ({ shown, rows }) => JSON.stringify([shown, rows])).values()].map(
        (same) => ({
          shown: same[0]?.shown ?? '',
          rows: same[0]?.rows ?? '',
          fields: same.map(({ field }) => field),
        }),
      )
      return {
        role,
        purpose,
        resource,
        contracts,
        actions: group.slice(0, 1).map(({ action }) => action),
        lines,
      }
    })
}

const WORDS = {
  it: {
    title: 'Chi può vedere quali dati, e per quale finalità',
    note: 'Ciò che non compare è nascosto. Un campo che si può contare è uno per cui si può contare. Le righe sono descritte con le parole delle regole.',
    version: 'Versione',
    head: ['Ruolo', 'Finalità', 'Risorsa', 'Contratti', 'Che cosa si fa', 'Campi', 'Come', 'Su quali righe'],
    actions: {
      read: 'leggere',
      search: 'cercare',
      count: 'contare',
      export: 'esportare',
      update: 'modificare',
    },
    records: '(le schede stesse)',
    shown: {
      plain: 'in chiaro',
      last4: 'ultime quattro cifre',
      partial: 'in parte',
      redact: 'oscurato',
      year: 'solo l’anno',
      hmac: 'pseudonimo',
    },
    every: 'tutte le righe',
    internal: 'personale interno',
  },
  en: {
    title: 'Who may see which data, for which purpose',
    note: 'What is not listed is hidden. A field under “count” is one by which records may be counted. Rows are described in the rules’ own words.',
    version: 'Version',
    head: ['Role', 'Purpose', 'Resource', 'Contracts', 'What is done', 'Fields', 'How', 'On which rows'],
    actions: { read: 'read', search: 'search', count: 'count', export: 'export', update: 'change' },
    records: '(the records themselves)',
    shown: {
      plain: 'in plain',
      last4: 'last four characters',
      partial: 'in part',
      redact: 'redacted',
      year: 'year only',
      hmac: 'pseudonym',
    },
    every: 'every row',
    internal: 'internal staff',
  },
} as const

/** One self-contained page, to print; a spreadsheet opens it as well, and would run what looks like a formula. */
export function matrixHtml(bundle: Bundle, entries: readonly MatrixEntry[], locale: Locale): string {
  const words = WORDS[locale]
  const { document } = bundle
  const titleOf = (kind: 'roles' | 'purposes', id: string): string => {
    const known: Readonly<Record<string, { readonly title: Readonly<Record<Locale, string>> }>> =
      kind === 'roles' ? document.varco.roles : document.purposes
    return known[id]?.title[locale] ?? id
  }
  const resourceTitle = (id: string): string =>
    document.catalogue.find(({ resource }) => resource === id)?.title[locale] ?? id
  const fieldTitle = (resource: string, field: string): string =>
    document.catalogue.find((file) => file.resource === resource)?.fields[field]?.title[locale] ?? field
  const how = (shown: string): string =>
    Object.hasOwn(words.shown, shown) ? words.shown[shown as keyof typeof words.shown] : shown
  const rows = sections(entries).flatMap(({ role, purpose, resource, contracts, actions, lines }) =>
    lines.map((line) =>
      row('td', [
        titleOf('roles', role),
        titleOf('purposes', purpose),
        resourceTitle(resource),
        contracts
          .split(', ')
          .map((each) => (each === INTERNAL ? words.internal : each))
          .join(', '),
        actions.map((action) => words.actions[action]).join(', '),
        line.fields
          .map((field) => (field === RECORDS ? words.records : fieldTitle(resource, field)))
          .join(', '),
        how(line.shown),
        line.rows === 'every row' ? words.every : line.rows,
      ]),
    ),
  )
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(`${words.title} - ${document.varco.controller.short}`)}</title>
<style>
body { font: 1rem/1.5 "Titillium Web", system-ui, sans-serif; margin: 2rem; color: #17324d }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; padding-bottom: .5rem }
th, td { border: 1px solid #5d7083; padding: .25rem .5rem; text-align: left; vertical-align: top }
thead { display: table-header-group }
tr { break-inside: avoid }
@media print { body { margin: 0; font-size: 9pt } @page { size: A4 landscape; margin: 12mm } }
</style>
</head>
<body>
<main>
<h1>${escape(words.title)}</h1>
<p>${escape(document.varco.controller.name)}. ${escape(words.version)} <code>${bundle.version.slice(0, 12)}</code>.</p>
<table>
<caption>${escape(words.note)}</caption>
<thead>${row('th', words.head)}</thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</main>
</body>
</html>
`
}

function row(cell: 'th' | 'td', texts: readonly string[]): string {
  return `<tr>${texts.map((text) => `<${cell}${cell === 'th' ? ' scope="col"' : ''}>${escape(harmlessCell(text))}</${cell}>`).join('')}</tr>`
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

import {
  isDictionary,
  PdfName,
  PdfReference,
  PdfText,
  readPdfFile,
  type PdfDictionary,
  type PdfFile,
  type PdfValue,
} from './pdf-objects.ts'
import { readContent, type ContentItem } from './page-content.ts'

/**
 * What of a file is not as ISO 19005-3 (PDF/A-3, level A) wants it, by clause, as far as such files can have it: what the renderer
 * never writes (pictures, forms to fill in, annotations, transparency, other colours) is a fault where it appears.
 */
export function archivalFaults(bytes: Uint8Array): readonly string[] {
  const file = readPdfFile(Buffer.from(bytes))
  const catalog = file.dictionary(file.trailer['Root'])
  const pages = pagesOf(file, catalog['Pages'])
  const content = pages.map((page) => readContent(file, page))
  return [
    ...file.faults.map((fault) => `6.1: ${fault}`),
    ...headFaults(file),
    ...everywhereFaults(file),
    ...outputFaults(file, catalog),
    ...metadataFaults(file, catalog),
    ...attachmentFaults(file, catalog),
    ...content.flatMap((items, i) => contentFaults(items).map((fault) => `${fault}, on page ${i + 1}`)),
    ...fontFaults(file, content.flat()),
    ...structureFaults(file, catalog, pages, content),
  ]
}

function headFaults(file: PdfFile): readonly string[] {
  const { bytes, trailer } = file
  const comment = bytes.subarray(bytes.indexOf('\n') + 1)
  const [first, second] = file.list(trailer['ID'])
  return [
    ...(/^%PDF-1\.[4-7]\n/.test(bytes.toString('latin1', 0, 9)) ? [] : ['6.1.2: the head is no PDF’s']),
    ...(comment[0] === 0x25 && comment.subarray(1, 5).every((byte) => byte > 127)
      ? []
      : ['6.1.2: no comment says that the file is binary']),
    ...(first instanceof PdfText && second instanceof PdfText && first.bytes.length >= 16
      ? []
      : ['6.1.3: the file has no ID']),
    ...(trailer['Encrypt'] === undefined ? [] : ['6.1.3: the file is encrypted']),
  ]
}

const NEVER: Readonly<Record<string, string>> = {
  OpenAction: '6.6.1: something runs',
  AA: '6.6.1: something runs',
  JS: '6.6.1: something runs',
  Annots: '6.3: there are annotations',
  AcroForm: '6.4: there is a form to fill in',
  SMask: '6.2.10: there is transparency',
  BM: '6.2.10: there is transparency',
  XFA: '6.4.2: there is a form to fill in',
  Perms: '6.1.12: rights are reserved',
  Alternates: '6.2.9: there are alternate pictures',
  TR: '6.2.5: transfer functions',
  HTP: '6.2.5: halftones',
}

/** What may be nowhere in the file, and filters. */
function everywhereFaults(file: PdfFile): readonly string[] {
  const faults = new Set<string>()
  const look = (value: PdfValue): void => {
    if (Array.isArray(value)) for (const item of value as readonly PdfValue[]) look(item)
    if (!isDictionary(value)) return
    for (const [key, inner] of Object.entries(value)) {
      const fault = NEVER[key]
      if (fault !== undefined) faults.add(`${fault} (/${key})`)
      // Elsewhere `A` has the attributes of an element.
      if (key === 'A' && file.dictionary(inner)['S'] !== undefined) faults.add('6.6.1: something acts (/A)')
      if (key === 'Filter' && (!(inner instanceof PdfName) || inner.name !== 'FlateDecode'))
        faults.add('6.1.7: a stream is filtered by something else')
      if (key === 'Subtype' && inner instanceof PdfName && ['Image', 'PS', 'Type3'].includes(inner.name))
        faults.add(`6.2: there is a ${inner.name}`)
      look(inner)
    }
  }
  for (const id of file.ids) look(file.at(new PdfReference(id)))
  return [...faults]
}

function outputFaults(file: PdfFile, catalog: PdfDictionary): readonly string[] {
  const intents = file.list(catalog['OutputIntents']).map((each) => file.dictionary(each))
  const [intent] = intents
  if (intent === undefined || intents.length !== 1 || file.name(intent['S']) !== 'GTS_PDFA1')
    return ['6.2.3: there is no output intent']
  const profile = file.stream(intent['DestOutputProfile'])
  const isSRgb =
    profile.toString('latin1', 36, 40) === 'acsp' &&
    profile.toString('latin1', 16, 20) === 'RGB ' &&
    profile.readUInt32BE(0) === profile.length &&
    (profile[8] ?? 9) <= 4 &&
    file.at(file.dictionary(intent['DestOutputProfile'])['N']) === 3
  return isSRgb && intent['OutputConditionIdentifier'] instanceof PdfText
    ? []
    : ['6.2.3: the output intent has no profile of three colours']
}

function metadataFaults(file: PdfFile, catalog: PdfDictionary): readonly string[] {
  const head = file.dictionary(catalog['Metadata'])
  const xmp = file.stream(catalog['Metadata']).toString('utf8')
  const info = Object.fromEntries(
    Object.entries(file.dictionary(file.trailer['Info'])).map(([key, value]) => [key, file.at(value)]),
  )
  const has = (tag: string, text: string | null): boolean =>
    text !== null && new RegExp(`<${tag}>(?:(?!</${tag}>)[\\s\\S])*${escaped(text)}`).test(xmp)
  const date = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(textOf(info['CreationDate']) ?? '')
  const instant = date === null ? null : `${date.slice(1, 4).join('-')}T${date.slice(4).join(':')}`
  return [
    ...(file.name(head['Type']) === 'Metadata' &&
    file.name(head['Subtype']) === 'XML' &&
    head['Filter'] === undefined
      ? []
      : ['6.6.2.1: the metadata cannot be read by everybody']),
    ...(has('pdfaid:part', '3') && has('pdfaid:conformance', 'A')
      ? []
      : ['6.6.4: the metadata do not say PDF/A-3, level A']),
    ...(has('dc:title', textOf(info['Title'])) &&
    has('dc:creator', textOf(info['Author'])) &&
    has('xmp:CreatorTool', textOf(info['Creator'])) &&
    has('xmp:CreateDate', instant)
      ? []
      : ['6.6.2.3: metadata and document information differ']),
    ...(file.dictionary(catalog['ViewerPreferences'])['DisplayDocTitle'] === true
      ? []
      : ['ISO 14289-1, 7.1: the title is not displayed']),
  ]
}

function attachmentFaults(file: PdfFile, catalog: PdfDictionary): readonly string[] {
  const named = file.list(file.dictionary(file.dictionary(catalog['Names'])['EmbeddedFiles'])['Names'])
  const associated = file
    .list(catalog['AF'])
    .flatMap((each) => (each instanceof PdfReference ? [each.id] : []))
  const files = named.filter((_, i) => i % 2 === 1)
  return files.length === 0
    ? ['6.8: nothing is attached']
    : files.flatMap((each) => {
        const specification = file.dictionary(each)
        const stream = file.dictionary(file.dictionary(specification['EF'])['F'])
        const params = file.dictionary(stream['Params'])
        const isWhole =
          specification['F'] instanceof PdfText &&
          specification['UF'] instanceof PdfText &&
          specification['Desc'] instanceof PdfText &&
          ['Source', 'Data', 'Alternative', 'Supplement'].includes(
            file.name(specification['AFRelationship']) ?? '',
          ) &&
          (file.name(stream['Subtype'])?.includes('/') ?? false) &&
          params['ModDate'] instanceof PdfText &&
          params['Size'] === file.stream(file.dictionary(specification['EF'])['F']).length
        const isAssociated = each instanceof PdfReference && associated.includes(each.id)
        return [
          ...(isWhole ? [] : ['6.8: an attached file does not say what it is']),
          ...(isAssociated ? [] : ['6.8: an attached file is nobody’s']),
        ]
      })
}

function contentFaults(items: readonly ContentItem[]): readonly string[] {
  return [
    ...(items.every(({ mark }) => mark !== null)
      ? []
      : ['6.7.3: something is neither tagged nor an artifact']),
    ...(items.every(({ mark }) => mark === null || mark.tag === 'Artifact' || mark.mcid !== null)
      ? []
      : ['6.7.3: something tagged is of no element']),
    ...(items.every(({ isNested }) => !isNested)
      ? []
      : ['6.7.3: an element’s content lies within another’s']),
    ...(items.every(({ color }) => color === 'rgb' || color === 'black')
      ? []
      : ['6.2.4: a colour is not in sRGB']),
    ...(items.length > 0 ? [] : ['there is nothing']),
  ]
}

/** Every font that is used is whole, and each of its letters says what it is. */
function fontFaults(file: PdfFile, items: readonly ContentItem[]): readonly string[] {
  const faults = new Set<string>()
  const shown = Map.groupBy(
    items.filter(({ font }) => font !== null),
    ({ font }) => font,
  )
  for (const [id, some] of shown) {
    const font = file.dictionary(new PdfReference(id ?? -1))
    const descendant = file.dictionary(file.list(font['DescendantFonts'])[0])
    const descriptor = file.dictionary(descendant['FontDescriptor'])
    const [name, base] = [file.name(font['BaseFont']), file.name(descriptor['FontName'])]
    const program = file.stream(descriptor['FontFile2'] ?? descriptor['FontFile3'])
    const fault = (text: string): void => void faults.add(`${text} (${base ?? name ?? 'a font'})`)
    if (file.name(font['Subtype']) !== 'Type0' || file.name(font['Encoding']) !== 'Identity-H')
      fault('6.2.11.3: a font is encoded otherwise')
    if (program.length < 100) fault('6.2.11.4: a font is not inside')
    if (
      file.name(descendant['Subtype']) === 'CIDFontType2' &&
      file.name(descendant['CIDToGIDMap']) !== 'Identity'
    )
      fault('6.2.11.3.2: codes do not lead to letters')
    if (!/^[A-Z]{6}\+/.test(base ?? '')) fault('6.2.11.4.2: a part of a font does not say so')
    const letters = lettersOf(file.stream(font['ToUnicode']).toString('latin1'))
    const widths = widthsOf(file, descendant['W'])
    const own = descriptor['FontFile2'] === undefined ? null : ownWidths(program)
    for (const code of new Set(some.flatMap(({ codes }) => codes))) {
      if (code === 0) fault('6.2.11.8: a letter is shown that the font does not have')
      const text = letters.get(code) ?? ''
      if (text === '' || /[\0\ufeff\ufffe]/.test(text)) fault('6.2.11.7: a letter does not say which it is')
      const width = widths.get(code)
      if (width === undefined || (own !== null && Math.abs(width - (own(code) ?? -9)) > 1.5))
        fault('6.2.11.5: a letter is not as wide as it says')
    }
  }
  return [...faults]
}

/** Ranges of the form pdfkit and its like write: `<0000> <00ff> [<0041> …]`, and single codes. */
function lettersOf(cmap: string): ReadonlyMap<number, string> {
  const letters = new Map<number, string>()
  const text = (hex: string): string =>
    Buffer.from(hex.replaceAll(/\s/g, ''), 'hex').swap16().toString('utf16le')
  for (const [, from = '', to = '', list = ''] of cmap.matchAll(
    /<([0-9a-f]+)> <([0-9a-f]+)> \[([^\]]*)\]/gi,
  )) {
    const entries = [...list.matchAll(/<([0-9a-f\s]*)>/gi)]
    const first = Number.parseInt(from, 16)
    if (entries.length !== Number.parseInt(to, 16) - first + 1) continue
    entries.forEach(([, hex = ''], i) => letters.set(first + i, text(hex)))
  }
  return letters
}

/** ISO 32000-1, 9.7.4.3: `c [w1 w2 …]` and `first last w`. */
function widthsOf(file: PdfFile, value: PdfValue | undefined): ReadonlyMap<number, number> {
  const widths = new Map<number, number>()
  const entries = file.list(value)
  for (let i = 0; i < entries.length;) {
    const first = Number(entries[i])
    const second = file.at(entries[i + 1])
    if (Array.isArray(second)) {
      ;(second as readonly PdfValue[]).forEach((width, n) => widths.set(first + n, Number(width)))
      i += 2
    } else {
      for (let code = first; code <= Number(second); code++) widths.set(code, Number(entries[i + 2]))
      i += 3
    }
  }
  return widths
}

/** What a TrueType font itself says of its letters' widths, in thousandths. */
function ownWidths(font: Buffer): (glyph: number) => number | null {
  const tables = new Map(
    Array.from({ length: font.readUInt16BE(4) }, (_, i) => {
      const at = 12 + 16 * i
      return [font.toString('latin1', at, at + 4), font.readUInt32BE(at + 8)] as const
    }),
  )
  const [head, hhea, hmtx] = ['head', 'hhea', 'hmtx'].map((name) => tables.get(name))
  if (head === undefined || hhea === undefined || hmtx === undefined) return () => null
  const units = font.readUInt16BE(head + 18)
  const many = font.readUInt16BE(hhea + 34)
  return (glyph) => (font.readUInt16BE(hmtx + 4 * Math.min(glyph, many - 1)) * 1000) / units
}

/** ISO 32000-1, 14.8.4: those of the standard that stand in documents such as ours, with what may stand in them. */
const KIDS: Readonly<Record<string, readonly string[] | 'content'>> = {
  Document: ['P', 'H1', 'H2', 'H3', 'Sect', 'Table', 'L', 'Figure'],
  Sect: ['P', 'H2', 'H3', 'Table', 'L', 'Figure'],
  Table: ['Caption', 'THead', 'TBody', 'TR'],
  THead: ['TR'],
  TBody: ['TR'],
  TR: ['TH', 'TD'],
  L: ['LI'],
  LI: ['Lbl', 'LBody'],
  ...Object.fromEntries(
    ['P', 'H1', 'H2', 'H3', 'Caption', 'TH', 'TD', 'Lbl', 'LBody', 'Figure'].map(
      (type) => [type, 'content'] as const,
    ),
  ),
}

interface Seen {
  readonly faults: Set<string>
  /** `page mcid` to the element whose it is. */
  readonly owned: Map<string, number>
  readonly headings: string[]
}

function structureFaults(
  file: PdfFile,
  catalog: PdfDictionary,
  pages: readonly PdfReference[],
  content: readonly (readonly ContentItem[])[],
): readonly string[] {
  const root = file.dictionary(catalog['StructTreeRoot'])
  const seen: Seen = { faults: new Set(), owned: new Map(), headings: [] }
  const { faults, owned, headings } = seen
  if (file.dictionary(catalog['MarkInfo'])['Marked'] !== true)
    faults.add('6.7.2.2: the file does not say that it is tagged')
  if (!/^[a-z]{2}(-|$)/.test(textOf(catalog['Lang']) ?? '')) faults.add('6.7.4: no language is told')
  const tops = file.list(root['K'])
  if (file.name(root['Type']) !== 'StructTreeRoot' || tops.length !== 1)
    faults.add('6.7.3: there is no structure')
  const rootId = catalog['StructTreeRoot'] instanceof PdfReference ? catalog['StructTreeRoot'].id : -1
  for (const top of tops) walk(file, top, { parent: rootId, parentType: null, page: null }, seen)
  headings.forEach((type, i) => {
    const [level, before] = [Number(type[1]), Number(headings[i - 1]?.[1] ?? 0)]
    if (level > before + 1) faults.add('ISO 14289-1, 7.4: a level of headings is left out')
  })
  // Each way: what the pages show is an element's, and what an element has is shown.
  const parents = numberTree(file, root['ParentTree'])
  pages.forEach((page, i) => {
    const shown = [...new Set((content[i] ?? []).flatMap(({ mark }) => mark?.mcid ?? []))]
    const key = file.at(file.dictionary(page)['StructParents'])
    const elements = typeof key === 'number' ? file.list(parents.get(key)) : []
    for (const mcid of shown) {
      const owner = owned.get(`${page.id} ${mcid}`)
      const listed = elements[mcid]
      if (owner === undefined) faults.add('6.7.3: something tagged is in no element')
      if (!(listed instanceof PdfReference) || listed.id !== owner)
        faults.add('6.7.3: the way from a page to its elements is broken')
    }
    const marks = (content[i] ?? []).flatMap(({ begins, mark }) =>
      begins && mark?.mcid !== null ? [mark?.mcid] : [],
    )
    if (new Set(marks).size !== marks.length) faults.add('6.7.3: two things on a page have one number')
    for (const place of owned.keys())
      if (place.startsWith(`${page.id} `) && !shown.includes(Number(place.split(' ')[1])))
        faults.add('6.7.3: an element has what no page shows')
  })
  return [...faults]
}

function walk(
  file: PdfFile,
  value: PdfValue,
  above: { readonly parent: number; readonly parentType: string | null; readonly page: number | null },
  seen: Seen,
): void {
  const element = file.dictionary(value)
  const { faults, owned, headings } = seen
  const id = value instanceof PdfReference ? value.id : -1
  const type = file.name(element['S']) ?? ''
  const allowed = KIDS[type]
  if (allowed === undefined) faults.add(`6.7.3.4: an element is of no known type (${type})`)
  const inParent = above.parentType === null ? ['Document'] : KIDS[above.parentType]
  if (inParent === 'content' || inParent?.includes(type) === false)
    faults.add(`6.7.3: a ${type} stands within a ${above.parentType ?? 'file'}`)
  if (!(element['P'] instanceof PdfReference) || element['P'].id !== above.parent)
    faults.add('6.7.3: an element does not know where it stands')
  if (type === 'Figure' && textOf(element['Alt']) === null) faults.add('6.7.1: a figure has no words')
  if (type === 'TH' && !hasScope(file, element['A']))
    faults.add('ISO 14289-1, 7.5: a heading is of no row or column')
  if (/^H\d$/.test(type)) headings.push(type)
  const page = element['Pg'] instanceof PdfReference ? element['Pg'].id : above.page
  const own = file.at(element['K'])
  const kids = Array.isArray(own) ? (own as readonly PdfValue[]) : own === null ? [] : [element['K'] ?? null]
  if (kids.length === 0 && !['TD', 'L'].includes(type)) faults.add(`6.7.3: a ${type} is empty`)
  for (const kid of kids) {
    const found = file.at(kid)
    const reference = isDictionary(found) && file.name(found['Type']) === 'MCR' ? found : null
    const mcid = typeof found === 'number' ? found : reference === null ? null : Number(reference['MCID'])
    if (mcid === null) {
      walk(file, kid, { parent: id, parentType: type, page }, seen)
      continue
    }
    const on = reference?.['Pg'] instanceof PdfReference ? reference['Pg'].id : page
    if (allowed !== 'content') faults.add(`6.7.3: a ${type} has content of its own`)
    if (owned.has(`${on} ${mcid}`)) faults.add('6.7.3: something is of two elements')
    owned.set(`${on} ${mcid}`, id)
  }
}

function hasScope(file: PdfFile, attributes: PdfValue | undefined): boolean {
  const all = file.at(attributes)
  return (Array.isArray(all) ? (all as readonly PdfValue[]) : [all]).some((each) => {
    const { O: owner, Scope: scope } = file.dictionary(each)
    return file.name(owner) === 'Table' && ['Row', 'Column', 'Both'].includes(file.name(scope) ?? '')
  })
}

function pagesOf(file: PdfFile, node: PdfValue | undefined): readonly PdfReference[] {
  if (!(node instanceof PdfReference)) return []
  const { Kids: kids } = file.dictionary(node)
  return kids === undefined ? [node] : file.list(kids).flatMap((kid) => pagesOf(file, kid))
}

function numberTree(file: PdfFile, node: PdfValue | undefined): ReadonlyMap<number, PdfValue> {
  const { Nums: numbers, Kids: kids } = file.dictionary(node)
  const entries = file.list(numbers)
  return new Map([
    ...entries.flatMap((key, i) => (i % 2 === 0 ? [[Number(key), entries[i + 1] ?? null] as const] : [])),
    ...file.list(kids).flatMap((kid) => [...numberTree(file, kid)]),
  ])
}

function textOf(value: PdfValue | undefined): string | null {
  if (!(value instanceof PdfText)) return null
  const { bytes } = value
  const isUtf16 = bytes[0] === 0xfe && bytes[1] === 0xff
  return isUtf16 ? Buffer.from(bytes.subarray(2)).swap16().toString('utf16le') : bytes.toString('latin1')
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

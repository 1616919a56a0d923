import type { PdfDictionary, PdfFile, PdfReference } from './pdf-objects.ts'

/** One thing a page shows: letters of one font, or a drawing. */
export interface ContentItem {
  /** What it stands in: an element's content, or an artifact; `null`: neither. */
  readonly mark: { readonly tag: string; readonly mcid: number | null } | null
  /** Whether it is the first thing within its mark. */
  readonly begins: boolean
  /** Whether its mark lies within another element's. */
  readonly isNested: boolean
  readonly color: 'rgb' | 'black' | 'other'
  /** The font's object, and the codes of the letters; of a drawing none. */
  readonly font: number | null
  readonly codes: readonly number[]
}

interface Mark {
  readonly tag: string
  readonly mcid: number | null
  shown: boolean
}

const PAINTS = new Set(['f', 'F', 'f*', 'S', 's', 'B', 'B*', 'b', 'b*', 'sh', 'Tj', 'TJ', "'", '"', 'BI'])

/** What a page paints, in its order, with what of each form it shows. */
export function readContent(file: PdfFile, page: PdfReference): readonly ContentItem[] {
  const dictionary = file.dictionary(page)
  const items: ContentItem[] = []
  read(
    file,
    file.stream(dictionary['Contents']).toString('latin1'),
    file.dictionary(dictionary['Resources']),
    [],
    items,
  )
  return items
}

function read(
  file: PdfFile,
  content: string,
  resources: PdfDictionary,
  marks: Mark[],
  items: ContentItem[],
): void {
  const fonts = file.dictionary(resources['Font'])
  let operands: string[] = []
  let font: number | null = null
  let fill: ContentItem['color'] = 'black'
  let stroke: ContentItem['color'] = 'black'
  let space = ''
  for (const [token] of content.matchAll(
    /<<[\s\S]*?>>|<[0-9a-fA-F\s]*>|\[[^\]]*\]|\((?:\\.|[^\\)])*\)|\/[^\s/<>[\]()]+|[^\s/<>[\]()]+/g,
  )) {
    if (!/^[A-Za-z'"][\w*'"]*$/.test(token) || ['true', 'false', 'null'].includes(token)) {
      operands.push(token)
      continue
    }
    const [last = '', ...before] = operands.toReversed()
    if (token === 'BDC' || token === 'BMC') {
      const tag = (token === 'BMC' ? last : (before[0] ?? '')).slice(1)
      const mcid = /\/MCID (\d+)/.exec(last)?.[1]
      marks.push({ tag, mcid: mcid === undefined ? null : Number(mcid), shown: false })
    } else if (token === 'EMC') marks.pop()
    else if (token === 'Tf') {
      const found = fonts[(before[0] ?? '').slice(1)]
      font =
        found !== undefined && typeof found === 'object' && found !== null && 'id' in found
          ? Number(found.id)
          : -1
    } else if (token === 'cs' || token === 'CS') space = last.slice(1)
    else if (token === 'rg') fill = 'rgb'
    else if (token === 'RG') stroke = 'rgb'
    else if (token === 'sc' || token === 'scn') fill = space === 'DeviceRGB' ? 'rgb' : 'other'
    else if (token === 'SC' || token === 'SCN') stroke = space === 'DeviceRGB' ? 'rgb' : 'other'
    else if (['g', 'G', 'k', 'K', 'ri'].includes(token)) fill = 'other'
    else if (token === 'Do') {
      const form = file.dictionary(resources['XObject'])[last.slice(1)]
      read(
        file,
        file.stream(form).toString('latin1'),
        file.dictionary(file.dictionary(form)['Resources']),
        marks,
        items,
      )
    } else if (PAINTS.has(token)) {
      const mark = marks.at(-1) ?? null
      const isText = token.startsWith('T') || token === "'" || token === '"'
      items.push({
        mark,
        begins: mark !== null && !mark.shown,
        isNested: marks.filter(({ mcid }) => mcid !== null).length > 1,
        color: /^[SsBb]/.test(token) && !/^[Bb]/.test(token) ? stroke : fill,
        font: isText ? (font ?? -1) : null,
        codes: isText ? codesOf(last) : [],
      })
      if (mark !== null) mark.shown = true
    }
    operands = []
  }
}

/** Two bytes a letter, in hexadecimal: what Identity-H has. */
function codesOf(shown: string): readonly number[] {
  return [...shown.matchAll(/<([0-9a-fA-F\s]*)>/g)].flatMap(([, hex = '']) =>
    (hex.match(/[0-9a-fA-F]{4}/g) ?? []).map((code) => Number.parseInt(code, 16)),
  )
}

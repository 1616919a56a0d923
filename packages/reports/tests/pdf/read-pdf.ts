import { inflateSync } from 'node:zlib'

/** One piece of text on a page and how it is tagged: the element's type, `Artifact`, or `null` for neither. */
export interface ShownText {
  readonly text: string
  readonly tag: string | null
  readonly mcid: number | null
  readonly x: number
  readonly y: number
  readonly size: number
}

export interface PdfElement {
  readonly type: string
  readonly text: string
  readonly scope: string | null
  readonly children: readonly PdfElement[]
}

export interface ReadPdf {
  readonly raw: string
  readonly pages: readonly (readonly ShownText[])[]
  /** Whole text in reading order of the structure tree. */
  readonly text: string
  readonly tree: readonly PdfElement[]
  readonly fonts: readonly { readonly name: string; readonly embedded: boolean }[]
  object(id: number): string
}

/** Reads what pdfkit writes, far enough to check a document's structure: an eye independent of the renderer. */
export function readPdf(bytes: Uint8Array): ReadPdf {
  const raw = Buffer.from(bytes).toString('latin1')
  const objects = new Map(
    [...raw.matchAll(/^(\d+) 0 obj\n([\s\S]*?)\nendobj/gm)].map((match) => [
      Number(match[1]),
      match[2] ?? '',
    ]),
  )
  const object = (id: number): string => objects.get(id) ?? ''
  const refs = (text: string): number[] => [...text.matchAll(/(\d+) 0 R/g)].map((match) => Number(match[1]))
  const ref = (text: string, key: string): number =>
    Number(new RegExp(`/${key} (\\d+) 0 R`).exec(text)?.[1] ?? -1)
  const stream = (id: number): string => {
    const [head = '', ...rest] = object(id).split('stream\n')
    const body = Buffer.from(rest.join('stream\n').replace(/\nendstream$/, ''), 'latin1')
    return (head.includes('/FlateDecode') ? inflateSync(body) : body).toString('latin1')
  }

  const cmaps = new Map<number, readonly string[]>()
  const cmapOf = (font: number): readonly string[] => {
    const known = cmaps.get(font)
    if (known !== undefined) return known
    const letters = [...stream(ref(object(font), 'ToUnicode')).matchAll(/\[(<[^\]]*>)\]/g)].flatMap((range) =>
      [...(range[1] ?? '').matchAll(/<([^>]*)>/g)].map((entry) =>
        String.fromCharCode(...(entry[1] ?? '').split(' ').map((hex) => Number.parseInt(hex, 16))),
      ),
    )
    cmaps.set(font, letters)
    return letters
  }

  const root = [...objects.values()].find((text) => text.includes('/Type /Catalog')) ?? ''
  const pageIds = refs(/\/Kids \[([^\]]*)\]/.exec(object(ref(root, 'Pages')))?.[1] ?? '')
  const pages = pageIds.map((id) => {
    const page = object(id)
    const resources = object(ref(page, 'Resources'))
    const fonts = new Map<string, number>()
    const named = (text: string): void => {
      for (const match of (/\/Font <<([\s\S]*?)>>/.exec(text)?.[1] ?? '').matchAll(/\/(F\d+) (\d+) 0 R/g))
        fonts.set(match[1] ?? '', Number(match[2]))
    }
    named(resources)
    // What a page shows of a form stands where the form is shown.
    const content = stream(ref(page, 'Contents')).replaceAll(/\/(\w+) Do\b/g, (_, name: string) => {
      const form = ref(resources, name)
      named(object(form))
      return stream(form)
    })
    return shown(content, (name) => cmapOf(fonts.get(name) ?? -1))
  })

  const textAt = (page: number, mcid: number): string =>
    (pages[pageIds.indexOf(page)] ?? [])
      .filter((piece) => piece.mcid === mcid)
      .map((piece) => piece.text)
      .join('')
  const element = (id: number): PdfElement => {
    const dictionary = object(id)
    const kids = /\/K \[([\s\S]*)\]/.exec(dictionary)?.[1] ?? ''
    const own = ref(dictionary.replace(kids, ''), 'Pg')
    const children: PdfElement[] = []
    let text = ''
    for (const kid of kids.matchAll(
      /<<[\s\S]*?\/Pg (\d+) 0 R[\s\S]*?\/MCID (\d+)[\s\S]*?>>|(\d+) 0 R|(\d+)/g,
    )) {
      if (kid[1] !== undefined) text += textAt(Number(kid[1]), Number(kid[2]))
      else if (kid[3] !== undefined) children.push(element(Number(kid[3])))
      else text += textAt(own, Number(kid[4]))
    }
    return {
      type: /\/S \/(\w+)/.exec(dictionary)?.[1] ?? '',
      scope: /\/Scope \(?\/?(\w+)/.exec(dictionary)?.[1] ?? null,
      text: text + children.map((child) => child.text).join(' '),
      children,
    }
  }
  const tree = refs(/\/K \[([^\]]*)\]/.exec(object(ref(root, 'StructTreeRoot')))?.[1] ?? '').map(element)

  return {
    raw,
    pages,
    tree,
    text: tree.map((top) => top.text).join(' '),
    fonts: [...objects.values()]
      .filter((text) => text.includes('/Type /FontDescriptor'))
      .map((text) => ({
        name: /\/FontName \/(\S+)/.exec(text)?.[1] ?? '',
        embedded: /\/FontFile[23]? \d+ 0 R/.test(text),
      })),
    object,
  }
}

/** Elements of a type, wherever they are. */
export function elementsOf(tree: readonly PdfElement[], type: string): readonly PdfElement[] {
  return tree.flatMap((element) => [
    ...(element.type === type ? [element] : []),
    ...elementsOf(element.children, type),
  ])
}

function shown(content: string, cmap: (font: string) => readonly string[]): ShownText[] {
  const pieces: ShownText[] = []
  const marks: { tag: string; mcid: number | null }[] = []
  let letters: readonly string[] = []
  let [x, y, size] = [0, 0, 0]
  const steps =
    /\/(\w+) <<([^>]*)>> BDC|\/(\w+) BMC|\bEMC\b|1 0 0 (-?1) ([\d.-]+) ([\d.-]+) Tm|\/(F\d+) ([\d.]+) Tf|\[([^\]]*)\] TJ/g
  for (const step of content.matchAll(steps)) {
    const [all, tag, options, bare, up, atX, atY, font, points, shownText] = step
    if (tag !== undefined)
      marks.push({ tag, mcid: Number(/\/MCID (\d+)/.exec(options ?? '')?.[1] ?? Number.NaN) })
    else if (bare !== undefined) marks.push({ tag: bare, mcid: null })
    else if (all === 'EMC') marks.pop()
    // Letters stand upright on a page whose origin is its upper left corner when they are turned over.
    else if (atX !== undefined) [x, y] = [Number(atX), up === '-1' ? 841.89 - Number(atY) : Number(atY)]
    else if (font !== undefined) [letters, size] = [cmap(font), Number(points)]
    else if (shownText !== undefined) {
      const codes = [...shownText.matchAll(/<([0-9a-f]*)>/g)].flatMap(
        (run) => (run[1] ?? '').match(/.{4}/g) ?? [],
      )
      const mark = marks.at(-1)
      const mcid = mark?.mcid ?? null
      const text = codes.map((code) => letters[Number.parseInt(code, 16)] ?? '\ufffd').join('')
      pieces.push({ text, tag: mark?.tag ?? null, mcid: Number.isNaN(mcid) ? null : mcid, x, y, size })
    }
  }
  return pieces
}

import type PDFDocument from 'pdfkit'

/**
 * What this renderer uses of pdfkit that its types do not promise (0.20, pinned exactly). pdfkit keeps every
 * page and lays every text out anew; a document of ten thousand pages can afford neither.
 */

export type Pdf = InstanceType<typeof PDFDocument>
export type Element = ReturnType<Pdf['struct']>

export interface Reference {
  readonly id: number
  data: unknown
  offset: number
  write(content: string | Uint8Array): void
  end(content?: string | Uint8Array): void
}

export interface GlyphPosition {
  readonly xAdvance: number
  readonly advanceWidth: number
  readonly xOffset: number
  readonly yOffset: number
}

/** A font in the document; units are thousandths of the size. */
export interface DocumentFont {
  /** `F1`: its name in the resources of a page. */
  readonly id: string
  readonly font: { readonly post: { readonly isFixedPitch: number } }
  ref(): Reference
  encode(text: string): readonly [hex: readonly string[], positions: readonly GlyphPosition[]]
}

interface Page {
  readonly dictionary: Reference & { data: Record<string, unknown> }
  readonly content: Reference
  readonly resources: Reference
  readonly fonts: Record<string, Reference>
  readonly xobjects: Record<string, Reference>
}

interface NumberTree {
  get(key: number): unknown
  add(key: number, value: unknown): void
}

export interface PdfInside {
  readonly page: Page
  readonly _font: DocumentFont
  _offset: number
  readonly _root: { readonly data: Record<string, unknown> }
  ref(data?: unknown): Reference
  push: (chunk: Uint8Array | null) => boolean
  getStructParentTree(): NumberTree
  addNamedEmbeddedFile(name: string, file: Reference): void
  /** A number where an object is one. */
  _write: (data: string | number | Uint8Array) => void
  _refEnd(ref: Reference): void
}

export function insideOf(pdf: Pdf): PdfInside {
  return pdf as unknown as PdfInside
}

/** Operators onto the open page, at once: pdfkit takes text letter by letter. */
export function writeAscii(pdf: Pdf, content: string): void {
  insideOf(pdf).page.content.write(Buffer.from(`${content}\n`, 'latin1'))
}

/** What pdfkit writes of the file goes to `add`, text too at once. */
export function writeTo(pdf: Pdf, add: (bytes: Uint8Array) => void): void {
  const inside = insideOf(pdf)
  inside._write = (data) => {
    const bytes = data instanceof Uint8Array ? data : Buffer.from(`${data}\n`, 'latin1')
    add(bytes)
    inside._offset += bytes.length
  }
  inside.push = (chunk) => {
    if (chunk !== null) add(chunk)
    return true
  }
}

/**
 * Begins a page and lets go of the one before: it is written out, and of its part of the structure tree only
 * a reference stays.
 */
export function turnPageForGood(pdf: Pdf): void {
  const inside = insideOf(pdf)
  const done = inside.page
  const key = done.dictionary.data['StructParents']
  if (typeof key === 'number') {
    const tree = inside.getStructParentTree()
    const elements = inside.ref(tree.get(key))
    elements.end()
    elements.data = null
    tree.add(key, elements)
  }
  // Without `bufferPages` this writes the finished page.
  pdf.addPage()
  for (const part of [done.dictionary, done.content, done.resources]) part.data = {}
}

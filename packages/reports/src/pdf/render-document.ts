import PDFDocument from 'pdfkit'
import type { ReportDocument } from '../document/document.ts'
import { attachFile, type PdfAttachment } from './attach-file.ts'
import { ByteSink } from './byte-sink.ts'
import { PageFeet } from './page-feet.ts'
import { FRAME, heightOf, PAGE, PageWriter } from './page-writer.ts'
import { writeTo, type Element } from './pdfkit-inside.ts'
import { COLORS, STYLES } from './styles.ts'
import { loadTypefaces } from './typefaces.ts'
import { Typesetter } from './typesetter.ts'
import { writeBlocks } from './write-blocks.ts'
import { topOfTable, writeFacts } from './write-table.ts'

/**
 * PDF/A-3a: archivable, tagged for screen readers, fonts inside, and the JSON it was set from attached.
 * The same document gives the same bytes. Written page by page as the chunks are taken: a document of ten thousand
 * pages needs no more memory than one of ten, but for the place of each object.
 */
export async function* renderDocumentAsPdf(
  document: ReportDocument,
  attachment: PdfAttachment,
): AsyncGenerator<Uint8Array> {
  const faces = await loadTypefaces()
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 0,
    pdfVersion: '1.7',
    subset: 'PDF/A-3a',
    tagged: true,
    displayTitle: true,
    lang: document.locale,
    // Words are kept by the typesetter, which forgets them; pdfkit never would.
    fontLayoutCache: false,
    // pdfkit's own first font is not one that may be embedded; ours are chosen before anything is written.
    font: '',
    info: {
      Title: xmlSafe(`${document.title} – ${document.issuer.short}`),
      Author: xmlSafe(document.issuer.name),
      Creator: 'Varco',
      Producer: 'Varco',
      CreationDate: attachment.at,
    },
  })
  const sink = new ByteSink()
  sink.add((pdf.read() as Buffer | null) ?? Buffer.alloc(0))
  writeTo(pdf, (bytes) => {
    sink.add(bytes)
  })
  const set = new Typesetter(pdf, faces)
  const feet = new PageFeet(pdf, set, document)
  const pen = new PageWriter(pdf, set, () => {
    feet.draw()
  })

  const root = pdf.struct('Document')
  pdf.addStructure(root)
  writeHead(pen, set, root, document)
  for await (const _ of writeBlocks(pen, set, root, document.opening)) yield* sink.take()
  for (const { title, blocks } of document.sections) {
    const section = pen.element(root, 'Sect')
    pen.skip(16)
    // A title with a sentence under it and nothing more is a poor foot of a page, and so is one alone.
    const [first] = blocks
    pen.need(Math.max(190, first?.kind === 'table' ? SECTION_HEAD + topOfTable(set, first) : 0))
    pdf.outline.addItem(title)
    pen.artifact('Layout', () => {
      pdf.rect(PAGE.left, pen.y, 34, 3).fill(COLORS.blue)
    })
    pen.skip(8)
    pen.write(section, 'H2', set.set(title, STYLES.heading2, FRAME))
    pen.skip(6)
    for await (const _ of writeBlocks(pen, set, section, blocks)) yield* sink.take()
    section.end()
  }
  root.end()
  for (const _ of feet.number()) yield* sink.take()
  for await (const _ of attachFile(pdf, attachment, document.words.attachment)) yield* sink.take()
  pdf.end()
  yield* sink.takeAll()
}

/** A section's title with its line and the room around it. */
const SECTION_HEAD = 8 + STYLES.heading2.leading + 6

function writeHead(pen: PageWriter, set: Typesetter, root: Element, document: ReportDocument): void {
  const short = set.set(document.issuer.short, STYLES.issuerShort, FRAME)
  const name = set.set(document.issuer.name, STYLES.issuerName, FRAME)
  const height = 18 + heightOf(short) + heightOf(name) + 20
  pen.artifact('Layout', () => {
    pen.pdf.rect(0, 0, PAGE.width, height).fill(COLORS.blue)
  })
  pen.y = 18
  pen.write(root, 'P', short)
  pen.write(root, 'P', name)
  pen.y = height + 26
  pen.write(root, 'H1', set.set(document.title, STYLES.title, FRAME))
  pen.skip(4)
  pen.write(root, 'P', set.set(document.subtitle, STYLES.subtitle, FRAME))
  pen.skip(12)
  writeFacts(pen, set, root, document.facts)
  pen.skip(4)
}

/** pdfkit writes these into XMP unescaped. */
function xmlSafe(text: string): string {
  return text.replaceAll('&', '+').replaceAll(/[<>\p{Cc}]/gu, ' ')
}

import PDFDocument from 'pdfkit'
import type { ReportDocument } from '../document/document.ts'
import { FRAME, PAGE, PageWriter, type Pdf } from './page-writer.ts'
import { COLORS, STYLES } from './styles.ts'
import { loadTypefaces } from './typefaces.ts'
import { Typesetter } from './typesetter.ts'
import { writeBlocks } from './write-blocks.ts'
import { writeFacts } from './write-table.ts'

export interface PdfAttachment {
  readonly name: string
  readonly json: string
  readonly at: Date
}

/**
 * PDF/A-3a: archivable, tagged for screen readers, fonts inside, and the JSON it was set from attached.
 * The same document gives the same bytes.
 */
export async function renderDocumentAsPdf(
  document: ReportDocument,
  attachment: PdfAttachment,
): Promise<Uint8Array> {
  const faces = await loadTypefaces()
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 0,
    pdfVersion: '1.7',
    subset: 'PDF/A-3a',
    tagged: true,
    displayTitle: true,
    lang: document.locale,
    bufferPages: true,
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
  const bytes = collect(pdf)
  const set = new Typesetter(pdf, faces)
  const pen = new PageWriter(pdf, set)

  const root = pdf.struct('Document')
  pdf.addStructure(root)
  writeHead(pen, set, root, document)
  writeBlocks(pen, set, root, document.opening)
  for (const { title, blocks } of document.sections) {
    const section = pen.element(root, 'Sect')
    pen.skip(16)
    // A title with a sentence under it and nothing more is a poor foot of a page.
    pen.need(190)
    pdf.outline.addItem(title)
    pen.artifact('Layout', () => {
      pdf.rect(PAGE.left, pen.y, 34, 3).fill(COLORS.blue)
    })
    pen.skip(8)
    pen.write(section, 'H2', set.set(title, STYLES.heading2, FRAME))
    pen.skip(6)
    writeBlocks(pen, set, section, blocks)
    section.end()
  }
  root.end()
  writeFeet(pen, set, document)

  const file = {
    name: attachment.name,
    type: 'application/json',
    description: document.words.attachment,
    creationDate: attachment.at,
    modifiedDate: attachment.at,
    // ISO 19005-3 annex E: the attachment holds the same facts in another form.
    relationship: 'Alternative',
  }
  pdf.file(Buffer.from(attachment.json), file)
  pdf.end()
  return bytes
}

function writeHead(
  pen: PageWriter,
  set: Typesetter,
  root: ReturnType<Pdf['struct']>,
  document: ReportDocument,
): void {
  const height = 72
  pen.artifact('Layout', () => {
    pen.pdf.rect(0, 0, PAGE.width, height).fill(COLORS.blue)
  })
  pen.y = 18
  pen.write(root, 'P', set.set(document.issuer.short, STYLES.issuerShort, FRAME))
  pen.write(root, 'P', set.set(document.issuer.name, STYLES.issuerName, FRAME))
  pen.y = height + 26
  pen.write(root, 'H1', set.set(document.title, STYLES.title, FRAME))
  pen.skip(4)
  pen.write(root, 'P', set.set(document.subtitle, STYLES.subtitle, FRAME))
  pen.skip(12)
  writeFacts(pen, set, root, document.facts)
  pen.skip(4)
}

/** Page numbers come last, when it is known how many there are. */
function writeFeet(pen: PageWriter, set: Typesetter, { issuer, title, words, hash }: ReportDocument): void {
  const { start, count } = pen.pdf.bufferedPageRange()
  const hashLine = [
    ...set.set(`${words.hash}:`, STYLES.foot, FRAME),
    ...set.set(hash, STYLES.footCode, FRAME),
  ]
  for (let page = 0; page < count; page++) {
    pen.pdf.switchToPage(start + page)
    const number = set.set(words.page(page + 1, count), STYLES.foot, FRAME)
    const top = PAGE.height - PAGE.bottom + 22
    pen.artifact('Pagination', () => {
      pen.pdf
        .moveTo(PAGE.left, top - 6)
        .lineTo(PAGE.width - PAGE.right, top - 6)
        .lineWidth(0.6)
        .stroke(COLORS.line)
      pen.drawLines(set.set(`${issuer.short} · ${title}`, STYLES.foot, FRAME), PAGE.left, top)
      pen.drawLines(number, PAGE.left, top, FRAME)
      pen.drawLines(hashLine.slice(0, 1), PAGE.left, top + STYLES.foot.leading)
      pen.drawLines(
        hashLine.slice(1),
        PAGE.left + (hashLine[0]?.width ?? 0) + 5,
        top + STYLES.foot.leading + 0.8,
      )
    })
  }
}

/** pdfkit writes these into XMP unescaped. */
function xmlSafe(text: string): string {
  return text.replaceAll('&', '+').replaceAll(/[<>\p{Cc}]/gu, ' ')
}

async function collect(pdf: Pdf): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of pdf) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

import type { ReportDocument } from '../document/document.ts'
import { baselineOf, FRAME, PAGE } from './page-writer.ts'
import { insideOf, type Pdf, type Reference } from './pdfkit-inside.ts'
import { COLORS, STYLES } from './styles.ts'
import type { SetLine, Typesetter } from './typesetter.ts'

/** What `page 12,345 of 67,890` takes, with room before it. */
const NUMBER = 120
const TOP = PAGE.height - PAGE.bottom + 22

/**
 * The foot of each page: whose document, its fingerprint, `page 3 of 9`. How many pages there are is known when the
 * first have long been written, so each shows a form that is filled in at the end.
 */
export class PageFeet {
  readonly #pdf: Pdf
  readonly #set: Typesetter
  readonly #document: ReportDocument
  readonly #numbers: Reference[] = []

  constructor(pdf: Pdf, set: Typesetter, document: ReportDocument) {
    this.#pdf = pdf
    this.#set = set
    this.#document = document
  }

  /** Draws the foot of the page that is open. */
  draw(): void {
    const { issuer, title, words, hash } = this.#document
    const number = insideOf(this.#pdf).ref({})
    this.#numbers.push(number)
    this.#pdf.markContent('Artifact', { type: 'Pagination' })
    this.#pdf
      .moveTo(PAGE.left, TOP - 6)
      .lineTo(PAGE.width - PAGE.right, TOP - 6)
      .lineWidth(0.6)
      .stroke(COLORS.line)
    this.#line(`${issuer.short} · ${title}`, PAGE.left, TOP, STYLES.foot, FRAME - NUMBER)
    const [label] = this.#line(`${words.hash}:`, PAGE.left, TOP + STYLES.foot.leading)
    const after = PAGE.left + (label?.width ?? 0) + 5
    this.#line(hash, after, TOP + STYLES.foot.leading + 0.8, STYLES.footCode)
    insideOf(this.#pdf).page.xobjects['Number'] = number
    this.#pdf.addContent('/Number Do')
    this.#pdf.endMarkedContent()
  }

  /** Fills the numbers in, once the last page is there. Gives the caller a rest after each. */
  *number(): Generator<void> {
    const { words } = this.#document
    for (const [i, number] of this.#numbers.entries()) {
      const [line] = this.#set.set(words.page(i + 1, this.#numbers.length), STYLES.foot, FRAME)
      const form =
        line === undefined
          ? null
          : this.#set.asForm(line, PAGE.width - PAGE.right - line.width, baselineOf(STYLES.foot, TOP))
      number.data = {
        Type: 'XObject',
        Subtype: 'Form',
        BBox: [0, 0, PAGE.width, PAGE.height],
        Resources: { Font: form?.fonts ?? {} },
      }
      number.end(form?.content ?? '\n')
      yield
    }
  }

  /** What is too long for one line ends in dots. */
  #line(
    text: string,
    x: number,
    top: number,
    style: (typeof STYLES)['foot' | 'footCode'] = STYLES.foot,
    width = FRAME,
  ): readonly SetLine[] {
    const [whole, ...more] = this.#set.set(text, style, width)
    const start =
      whole?.runs
        .map((run) => run.text)
        .join('')
        .trimEnd() ?? ''
    const lines = (more.length === 0 ? [whole] : this.#set.set(`${start}…`, style, FRAME)).flatMap(
      (line) => line ?? [],
    )
    for (const line of lines) this.#set.draw(line, x, baselineOf(style, top))
    return lines
  }
}

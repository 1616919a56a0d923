import { crc32, deflateSync } from 'node:zlib'
import { PDFiumLibrary } from '@hyzyla/pdfium'

/** A page as a reader sees it, drawn by another hand than the one that set it. */
export interface PagePicture {
  readonly text: string
  readonly png: Uint8Array
  /** Part of the points between these shares of width and height that are not white. */
  ink(area?: { left?: number; right?: number; top?: number; bottom?: number }): number
}

/** Pixels a point. */
const SCALE = 1.2

/** Draws the pages of PDFs with PDFium, the engine of a well-known browser. */
export async function openPictures(): Promise<
  AsyncDisposable & { of(pdf: Uint8Array): Promise<PagePicture[]> }
> {
  const library = await PDFiumLibrary.init()
  return {
    of: async (pdf) => {
      const document = await library.loadDocument(pdf)
      const pictures: PagePicture[] = []
      for (const page of document.pages()) {
        // Before the drawing, which closes the page.
        const text = page.getText()
        const { data, width, height } = await page.render({ scale: SCALE, render: 'bitmap' })
        pictures.push({
          text,
          png: pngOf(data, width, height),
          ink: (area = {}) => inkOf(data, width, height, area),
        })
      }
      document.destroy()
      return pictures
    },
    [Symbol.asyncDispose]: async () => {
      library.destroy()
    },
  }
}

function inkOf(
  data: Uint8Array,
  width: number,
  height: number,
  { left = 0, right = 1, top = 0, bottom = 1 }: NonNullable<Parameters<PagePicture['ink']>[0]>,
): number {
  let dark = 0
  let all = 0
  for (let y = Math.floor(top * height); y < Math.floor(bottom * height); y++) {
    for (let x = Math.floor(left * width); x < Math.floor(right * width); x++) {
      const at = 4 * (y * width + x)
      all++
      if (Math.min(data[at] ?? 255, data[at + 1] ?? 255, data[at + 2] ?? 255) < 235) dark++
    }
  }
  return dark / all
}

/** ISO 15948: eight bits of red, green and blue, each row unfiltered. */
function pngOf(data: Uint8Array, width: number, height: number): Uint8Array {
  const rows = Buffer.alloc(height * (1 + 3 * width))
  for (let y = 0, to = 0; y < height; y++) {
    to++
    for (let x = 0; x < width; x++) {
      const from = 4 * (y * width + x)
      for (let part = 0; part < 3; part++) rows[to++] = data[from + part] ?? 0
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

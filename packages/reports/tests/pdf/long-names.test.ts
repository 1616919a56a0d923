import { line, renderDocumentAsPdf, type ReportDocument } from '@varco/reports'
import { expect, test } from 'vitest'
import { archivalFaults } from './archival-faults.ts'
import { openPictures } from './page-pictures.ts'
import { elementsOf, readPdf } from './read-pdf.ts'

const LONG = 'Direzione generale per gli approvvigionamenti, l’efficienza e la competitività energetica'

const DOCUMENT: ReportDocument = {
  locale: 'it',
  title: `Lavoro fuori dal contratto per la ${LONG}`,
  subtitle: `Da marzo ad aprile, ${LONG}`,
  issuer: { short: `Gestore e ${LONG}`, name: `${LONG}, ${LONG}, ${LONG}` },
  facts: [{ term: LONG, lines: [line('Prima'), line('Seconda', 'strong'), line('T-1', 'code')] }],
  opening: [
    {
      kind: 'answer',
      text: LONG,
      figures: [
        { value: '1.234.567.890', label: LONG },
        { value: '98.765.432', label: 'accessi' },
        { value: '≥ 12,3 %', label: LONG },
        { value: '0', label: 'negati' },
      ],
    },
    {
      kind: 'bars',
      caption: LONG,
      bars: [LONG, 'breve', LONG, `${LONG} e ${LONG}`].map((label, i) => ({
        ...{ label, value: i * 1_000, text: `${i}.000` },
      })),
    },
  ],
  sections: [],
  hash: 'ab'.repeat(32),
  words: {
    contents: 'Indice',
    page: (page, of) => `Pagina ${page} di ${of}`,
    hash: 'Impronta',
    attachment: 'I dati',
  },
}

async function pdfOf(document: ReportDocument): Promise<Uint8Array> {
  const attachment = { name: 'report.json', json: ['{}'], at: new Date(0) }
  return Buffer.concat(await Array.fromAsync(renderDocumentAsPdf(document, attachment)))
}

test('long names stand one under the other, in their column, and nothing over anything else', async () => {
  const bytes = await pdfOf(DOCUMENT)
  expect(archivalFaults(bytes)).toEqual([])
  const { pages } = readPdf(bytes)
  for (const page of pages) {
    const columns = Map.groupBy(
      page.filter(({ text }) => text.trim() !== ''),
      ({ x }) => Math.round(x),
    )
    for (const [x, pieces] of columns) {
      // In a line of several fonts all pieces stand where it begins.
      const lines = new Map(pieces.map((piece) => [piece.y, piece]))
      const down = [...lines.values()].toSorted((a, b) => b.y - a.y)
      down.slice(1).forEach((piece, i) => {
        const above = down[i]
        const distance = (above?.y ?? 0) - piece.y
        expect(distance, `${x}: ${above?.text ?? ''} / ${piece.text}`).toBeGreaterThan(piece.size * 0.95)
      })
    }
  }
  await using pictures = await openPictures()
  for (const picture of await pictures.of(bytes)) {
    // Under the band of the first page.
    expect(picture.ink({ right: 0.085, top: 0.2 })).toBe(0)
    expect(picture.ink({ left: 0.915, top: 0.2 })).toBe(0)
    // Between the title in the foot, which is cut, and the page’s number.
    expect(picture.ink({ left: 0.72, right: 0.78, top: 0.932, bottom: 0.946 })).toBe(0)
  }
})

test('lines of a cell are heard as words of their own', async () => {
  const { tree } = readPdf(await pdfOf(DOCUMENT))
  expect(elementsOf(tree, 'TD').map(({ text }) => text)).toEqual(['Prima Seconda T-1'])
  const bodies = elementsOf(tree, 'LBody').map(({ text }) => text)
  expect(bodies).toContain('98.765.432 accessi')
  expect(bodies).toContain('breve 1.000')
})

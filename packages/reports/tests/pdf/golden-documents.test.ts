import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { renderPdf } from '@varco/reports'
import { expect, test } from 'vitest'
import { KINDS } from '../every-kind.ts'
import { archivalFaults } from './archival-faults.ts'
import { openPictures } from './page-pictures.ts'

/** To be looked at: what is ugly no assertion sees. */
const FOLDER = path.join(import.meta.dirname, '../../../../tests/artefacts/documents')

test('every kind of document, in both languages, is archivable and drawn page by page, within its frame and with nothing left alone', async () => {
  await using pictures = await openPictures()
  await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER, { recursive: true })
  for (const [kind, make] of Object.entries(KINDS)) {
    for (const locale of ['it', 'en'] as const) {
      const pdf = await renderPdf(await make(locale))
      expect([kind, locale, archivalFaults(pdf)]).toEqual([kind, locale, []])
      const pages = await pictures.of(pdf)
      for (const [i, page] of pages.entries()) {
        const name = `${kind.replaceAll(' ', '-')}-${locale}-${String(i + 1).padStart(2, '0')}`
        await writeFile(path.join(FOLDER, `${name}.png`), page.png)
        // The first page has a band across its top.
        const top = i === 0 ? 0.1 : 0
        expect(page.ink({ right: 0.085, top }), `${name}: left of the frame`).toBe(0)
        expect(page.ink({ left: 0.915, top }), `${name}: right of the frame`).toBe(0)
        expect(page.ink({ top: 0.97 }), `${name}: below the foot`).toBe(0)
        const within = page.ink({ top: 0.05, bottom: 0.9 })
        expect(within, `${name}: next to nothing on it`).toBeGreaterThan(0.004)
        expect(within, `${name}: too much on it`).toBeLessThan(0.5)
        expect(page.text).toContain(
          locale === 'it' ? `Pagina ${i + 1} di ${pages.length}` : `Page ${i + 1} of ${pages.length}`,
        )
      }
    }
  }
}, 120_000)

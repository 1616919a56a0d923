import { deflateSync, inflateSync } from 'node:zlib'
import { renderPdf } from '@varco/reports'
import { beforeAll, describe, expect, test } from 'vitest'
import { KINDS } from '../every-kind.ts'
import { ROWS, sampleBody } from '../sample-body.ts'
import { archivalFaults } from './archival-faults.ts'

test('a document is archivable and tagged through and through, whatever a name in it is written in', async () => {
  const [giulia, ...others] = ROWS['producer'] ?? []
  const name = 'Nicolo\u0300 Žofia Αλέξανδρος Дмитрий 陳 ffi a\u202eb <b>&amp; (c) \\'
  await using body = await sampleBody({ rows: { ...ROWS, producer: [{ ...giulia, name }, ...others] } })
  expect(archivalFaults(await renderPdf(await body.report()))).toEqual([])
})

describe('the check sees', () => {
  let raw: string
  beforeAll(async () => {
    raw = Buffer.from(await renderPdf(await KINDS['scope drift report']('it'))).toString('latin1')
  })

  /** Nothing moves: what takes another's place is as long as it. */
  const faultsWith = (find: string | RegExp, put: string): readonly string[] => {
    const found = typeof find === 'string' ? (raw.includes(find) ? find : '') : (find.exec(raw)?.[0] ?? '')
    expect(found).not.toBe('')
    const damaged = raw.replace(find, () => put.padEnd(found.length, ' '))
    expect(damaged).toHaveLength(raw.length)
    return archivalFaults(Buffer.from(damaged, 'latin1'))
  }

  test.each<readonly [what: string, find: string | RegExp, put: string, fault: string]>([
    ['another kind of file', '%PDF-1.7', '%PDX-1.7', '6.1.2'],
    ['a file that looks like text', /\n%[\x80-\xff]{4}/, '\n%abcd', '6.1.2'],
    ['objects that are not where the table says', /\n\d{10} 00000 n/, '\n0000000007 00000 n', '6.1'],
    ['a stream that is longer than it says', /\/Length \d{3}\b/, '/Length 1', '6.1'],
    ['a file without ID', '/ID [', '/IX [', '6.1.3'],
    ['encryption', /\/Info \d{3} 0 R/, '/Encrypt null', '6.1.3: the file is encrypted'],
    ['a script', '/OutputIntents', '/OpenAction', '6.6.1'],
    ['an annotation', '/StructParents', '/Annots', '6.3'],
    ['transparency', '/AFRelationship', '/SMask', '6.2.10'],
    ['no output intent', '/GTS_PDFA1', '/GTS_PDFX1', '6.2.3'],
    ['no profile in it', '/DestOutputProfile', '/DestOutputProfilX', '6.2.3'],
    ['another part of the standard', '<pdfaid:part>3<', '<pdfaid:part>2<', '6.6.4'],
    ['another level of it', '<pdfaid:conformance>A<', '<pdfaid:conformance>B<', '6.6.4'],
    ['a title that is only in the metadata', '<dc:title>', '<dc:titlX>', '6.6.2.3'],
    ['a title that is not displayed', '/DisplayDocTitle true', '/DisplayDocTitle null', '7.1'],
    [
      'an attached file without a word of what it is',
      '/AFRelationship /Alternative',
      '/AFRelationship /Unspecified',
      '6.8',
    ],
    ['an attached file that is nobody’s', /\/AF \[\d+ 0 R/, '/AF [1 0 R', '6.8'],
    ['a font that is not inside', '/FontFile2', '/FontFileX', '6.2.11.4'],
    ['a font whose letters do not say which they are', '/ToUnicode', '/ToUnicodX', '6.2.11.7'],
    ['letters of other widths', /\/W \[0 \[\d+ \d+ \d/, '/W [0 [1 1 9', '6.2.11.5'],
    ['another encoding', '/Identity-H', '/WinAnsiEnc', '6.2.11.3'],
    ['a file that does not say that it is tagged', '/Marked true', '/Marked null', '6.7.2.2'],
    ['no language', '/Lang (it)', '/Lang (  )', '6.7.4'],
    ['no structure', '/StructTreeRoot ', '/StructTreeRooX ', '6.7.3'],
    ['an element of no known type', '/S /Sect', '/S /Sekt', '6.7.3.4'],
    ['a figure without words', '/S /Caption', '/S /Figure', '6.7.1'],
    ['a heading of no column', '/Scope /Column', '/Scope /Columx', '7.5'],
    ['a level of headings left out', '/S /H1', '/S /H3', '7.4'],
    ['an element that does not know where it stands', /\/P \d{2,} 0 R/, '/P 1 0 R', '6.7.3'],
    ['content of no element', /(?<=\/S \/H1\n(?:[^>]*\n)*?)\/K \[\d+\]/, '/K []', '6.7.3'],
    ['pages that lead to no element', '/ParentTree ', '/ParentTreX ', '6.7.3'],
  ])('%s', (_, find, put, fault) => {
    expect(faultsWith(find, put).join('\n')).toContain(fault)
  })

  /** Of the first page's content, which is compressed. */
  const faultsOfPage = (change: (content: string) => string): readonly string[] => {
    const page = /\/Type \/Page\n[^]*?\/Contents (\d+) 0 R/.exec(raw)
    const id = page?.[1] ?? ''
    const head = new RegExp(`\n${id} 0 obj\n<<[^]*?>>\nstream\n`).exec(raw)
    const start = (head?.index ?? 0) + (head?.[0].length ?? 0)
    const end = raw.indexOf('\nendstream', start)
    const content = inflateSync(Buffer.from(raw.slice(start, end), 'latin1')).toString('latin1')
    const changed = change(content)
    expect(changed).not.toBe(content)
    const packed = deflateSync(Buffer.from(changed, 'latin1')).toString('latin1')
    // What is not as long as before is a fault of another kind, which this is not about.
    return archivalFaults(Buffer.from(spliced(start, end, packed), 'latin1')).filter(
      (fault) => !fault.startsWith('6.1:'),
    )
  }

  /** With everything after it in its new place. */
  function spliced(start: number, end: number, put: string): string {
    const by = put.length - (end - start)
    const moved = (place: string): string => String(Number(place) + (Number(place) > start ? by : 0))
    const table = raw.lastIndexOf('\nxref\n')
    const tail = raw
      .slice(table)
      .replaceAll(/^\d{10}(?= \d{5} n)/gm, (place) => moved(place).padStart(10, '0'))
      .replace(/(?<=startxref\n)\d+/, moved)
    return raw.slice(0, start) + put + raw.slice(end, table) + tail
  }

  test('nothing where nothing is wrong', () => {
    expect(archivalFaults(Buffer.from(raw, 'latin1'))).toEqual([])
    expect(faultsOfPage((content) => `${content}\n`)).toEqual([])
  })

  test.each<readonly [what: string, find: string | RegExp, put: string, fault: string]>([
    ['what is neither tagged nor an artifact', /\/Artifact <<[^>]*>> BDC/, '', '6.7.3'],
    ['a colour of another space', / rg\n/, ' 0 k\n', '6.2.4'],
    ['a letter the font does not have', /\[<[0-9a-f]{4}/, '[<0000', '6.2.11.8'],
    ['two things of one number', /\/MCID 1\b/, '/MCID 0', '6.7.3'],
    ['a number no element has', /\/MCID 1\b/, '/MCID 4711', '6.7.3'],
    [
      'an element’s content within another’s',
      /(?<=\/MCID 0\b[^]*?)\bEMC\b/,
      '',
      '6.7.3: an element’s content lies',
    ],
  ])('%s', (_, find, put, fault) => {
    expect(faultsOfPage((content) => content.replace(find, put)).join('\n')).toContain(fault)
  })
})

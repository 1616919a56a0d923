import { pipeline, Readable } from 'node:stream'
import { createDeflate } from 'node:zlib'
import { insideOf, type Pdf } from './pdfkit-inside.ts'

/** The JSON a document was set from. */
export interface PdfAttachment {
  readonly name: string
  readonly json: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>
  readonly at: Date
}

/**
 * Attaches a file as ISO 19005-3 wants it, compressed on its way: how long it is comes after it. pdfkit's own
 * `file` wants the whole of it in memory.
 */
export async function* attachFile(
  pdf: Pdf,
  { name, json, at }: PdfAttachment,
  description: string,
): AsyncGenerator<void> {
  const inside = insideOf(pdf)
  const length = inside.ref(0)
  const params = inside.ref({})
  const file = inside.ref({})
  file.offset = inside._offset
  inside._write(
    `${file.id} 0 obj\n<<\n/Type /EmbeddedFile\n/Subtype /application#2Fjson\n/Params ${params.id} 0 R\n/Filter /FlateDecode\n/Length ${length.id} 0 R\n>>\nstream`,
  )
  let size = 0
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of json) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      size += bytes.length
      yield bytes
    }
  }
  let written = 0
  // What goes wrong is thrown by the loop; whoever leaves it early ends the source too.
  const deflated = pipeline(Readable.from(counted(), { objectMode: false }), createDeflate(), () => {})
  for await (const chunk of deflated as AsyncIterable<Buffer>) {
    inside._write(chunk)
    written += chunk.length
    yield
  }
  inside._write('\nendstream')
  inside._write('endobj')
  inside._refEnd(file)

  length.data = written
  length.end()
  params.data = { Size: size, CreationDate: at, ModDate: at }
  params.end()
  const text = (value: string): unknown => Object(value)
  const specification = inside.ref({
    Type: 'Filespec',
    // Annex E: it holds the same facts in another form.
    AFRelationship: 'Alternative',
    F: text(name),
    UF: text(name),
    EF: { F: file },
    Desc: text(description),
  })
  specification.end()
  inside.addNamedEmbeddedFile(name, specification)
  inside._root.data['AF'] = [specification]
}

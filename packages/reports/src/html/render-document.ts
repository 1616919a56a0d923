import { Html, html } from './html.ts'
import { fontFaces } from './font-faces.ts'
import { STYLE } from './style.ts'
import type { Block, Line, Lines, ReportDocument } from '../document/document.ts'

/**
 * One file that needs nothing else: no network, no script that runs. The JSON it was set from lies inside it,
 * under `#varco-report`. In pieces, each written when it is asked for.
 */
export async function* renderDocumentAsHtml(
  document: ReportDocument,
  json: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): AsyncGenerator<string> {
  const { words } = document
  yield html`<!doctype html>
    <html lang="${document.locale}">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${document.title} – ${document.issuer.short}</title>
        <style>
          ${new Html((await fontFaces()) + STYLE)}
        </style>
      </head>
      <body>
        <header class="issuer">
          <div><b>${document.issuer.short}</b><span>${document.issuer.name}</span></div>
        </header>
        <main>
          <h1>${document.title}</h1>
          <p class="subtitle">${document.subtitle}</p>
          ${factsList(document.facts)}
     `.text
  yield* blocksOf(document.opening)
  yield html`<nav aria-labelledby="contents">
    <h2 id="contents">${words.contents}</h2>
    <ol>
      ${document.sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ol>
  </nav> `.text
  for (const { id, title, blocks } of document.sections) {
    yield html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2> `.text
    yield* blocksOf(blocks)
    yield '</section>\n'
  }
  yield html`</main>
    <footer>
      <div>
        <p>${words.hash}: <span class="code">${document.hash}</span></p>
        <p>${words.attachment}.</p>
      </div>
    </footer>
    `.text
  yield '<script type="application/json" id="varco-report">'
  const decoder = new TextDecoder()
  for await (const chunk of json)
    yield dataBlock(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))
  yield '</script>\n</body></html>\n'
}

/** The report's JSON out of a page made by this renderer; `null` when it holds none. */
export function jsonInHtml(page: string): string | null {
  return /<script type="application\/json" id="varco-report">([^<]*)<\/script>/.exec(page)?.[1] ?? null
}

/** JSON stays the same value when `<` is written as an escape, and nothing in it can end the element. */
function dataBlock(json: string): string {
  return json.replaceAll('<', String.raw`\u003c`)
}

async function* blocksOf(blocks: readonly Block[]): AsyncGenerator<string> {
  for (const block of blocks) {
    if (block.kind === 'table') yield* table(block)
    else yield blockOf(block).text
  }
}

function blockOf(block: Exclude<Block, { kind: 'table' }>): Html {
  switch (block.kind) {
    case 'heading':
      return html`<h3 dir="auto">${block.text}</h3>`
    case 'paragraph':
      return block.tone === 'code'
        ? html`<pre class="code">${block.text}</pre>`
        : html`<p class="${block.tone}">${block.text}</p>`
    case 'answer':
      return html`<div class="answer">
        <p>${block.text}</p>
        ${
          block.figures.length === 0
            ? null
            : html`<ul class="figures">
                ${block.figures.map(({ value, label }) => html`<li><b>${value}</b> <span>${label}</span></li>`)}
              </ul>`
        }
      </div>`
    case 'facts':
      return factsList(block.items)
    case 'list':
      return html`<ul class="rights">
        ${block.items.map(({ title, text }) => html`<li><b class="strong">${title}.</b> ${text}</li>`)}
      </ul>`
    case 'bars':
      break
  }
  return bars(block)
}

function factsList(items: ReportDocument['facts']): Html {
  return html`<dl>
    ${items.map(
      ({ term, lines }) =>
        html`<dt>${term}</dt>
          <dd>${cell(lines)}</dd>`,
    )}
  </dl>`
}

async function* table({ caption, columns, rows }: Extract<Block, { kind: 'table' }>): AsyncGenerator<string> {
  const total = columns.reduce((sum, column) => sum + column.share, 0)
  const width = (share: number): string => `${((100 * share) / total).toFixed(2)}%`
  yield html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        ${columns.map(
          ({ title, share, align }) =>
            html`<th scope="col" class="${align ?? ''}" style="width:${width(share)}">${title}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
   `.text
  for await (const row of rows)
    yield html`<tr>
      ${row.map((lines, i) => html`<td class="${columns[i]?.align ?? ''}" data-title="${columns[i]?.title ?? ''}">${cell(lines)}</td>`)}
    </tr> `.text
  yield '</tbody></table>'
}

function bars({ caption, bars }: Extract<Block, { kind: 'bars' }>): Html {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  return html`<figure>
    <figcaption>${caption}</figcaption>
    <ul class="bars">
      ${bars.map(
        ({ label, value, text }) =>
          html`<li><span>${label}</span> <i style="--part:${(value / most).toFixed(4)}">${text}</i></li>`,
      )}
    </ul>
  </figure>`
}

function cell(lines: Lines): Html[] {
  return lines.map(lineOf)
}

function lineOf({ text, tone }: Line): Html {
  return html`<p class="${tone}" dir="auto">${text}</p>`
}

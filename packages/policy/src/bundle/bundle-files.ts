import { dump } from 'js-yaml'
import type { BundleDocument } from './schema.ts'
import { LARGEST_FILE } from './yaml-source.ts'

/** A document as the files of a folder, by their relative path: `loadBundle` reads them back as the same document. */
export function bundleFiles(document: BundleDocument): ReadonlyMap<string, string> {
  const ordered = <T>(
    folder: string,
    items: readonly T[],
    name: (item: T) => string,
  ): readonly (readonly [string, unknown])[] =>
    // Numbered, for files are read in the order of their names and the order is part of the content.
    items.map((item, index) => [
      `${folder}/${String(index + 1).padStart(String(items.length).length, '0')}-${name(item)}.yaml`,
      item,
    ])
  const files: readonly (readonly [string, unknown])[] = [
    ['varco.yaml', document.varco],
    ['purposes.yaml', { purposes: document.purposes }],
    ...ordered('catalogue', document.catalogue, ({ resource }) => resource.replaceAll('_', '-')),
    ...ordered('processors', document.processors, ({ processor }) => processor),
    ...ordered('upstreams', document.upstreams ?? [], ({ upstream }) => upstream),
    ...(document.oversight === undefined ? [] : [['oversight.yaml', document.oversight] as const]),
  ]
  return new Map([
    ...files.map(([file, value]): [string, string] => [file, textOf(value)]),
    ...inFiles('access', 'rules', document.access),
    ...inFiles('retention', 'rules', document.retention),
    ...inFiles('cases', 'cases', document.cases),
  ])
}

/** One file, or as many as it takes for each to be read again. */
function inFiles(
  folder: string,
  key: string,
  items: readonly unknown[],
): readonly (readonly [string, string])[] {
  if (items.length === 0) return []
  const texts = textsOf(key, items)
  const digits = String(texts.length).length
  return texts.map((text, index) => [
    texts.length === 1
      ? `${folder}/${folder}.yaml`
      : `${folder}/${String(index + 1).padStart(digits, '0')}-${folder}.yaml`,
    text,
  ])
}

/** Half of what a file may hold: of its bytes, and so of its values too. */
const LONGEST = LARGEST_FILE / 2

function textsOf(key: string, items: readonly unknown[]): readonly string[] {
  const text = textOf({ [key]: items })
  if (items.length === 1 || Buffer.byteLength(text) <= LONGEST) return [text]
  const half = Math.ceil(items.length / 2)
  return [...textsOf(key, items.slice(0, half)), ...textsOf(key, items.slice(half))]
}

function textOf(value: unknown): string {
  return dump(value, { noRefs: true, lineWidth: 120 })
}

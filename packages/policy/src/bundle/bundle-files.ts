import { dump } from 'js-yaml'
import type { BundleDocument } from './schema.ts'

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
  const whole = (
    folder: string,
    key: string,
    items: readonly unknown[],
  ): readonly (readonly [string, unknown])[] =>
    items.length === 0 ? [] : [[`${folder}/${folder}.yaml`, { [key]: items }]]
  const files: readonly (readonly [string, unknown])[] = [
    ['varco.yaml', document.varco],
    ['purposes.yaml', { purposes: document.purposes }],
    ...ordered('catalogue', document.catalogue, ({ resource }) => resource.replaceAll('_', '-')),
    ...ordered('processors', document.processors, ({ processor }) => processor),
    ...ordered('upstreams', document.upstreams ?? [], ({ upstream }) => upstream),
    ...whole('access', 'rules', document.access),
    ...whole('retention', 'rules', document.retention),
    ...whole('cases', 'cases', document.cases),
    ...(document.oversight === undefined ? [] : [['oversight.yaml', document.oversight] as const]),
  ]
  return new Map(files.map(([file, value]) => [file, dump(value, { noRefs: true, lineWidth: 120 })]))
}

import type { JsonPlace } from '@varco/policy'
import {
  isList,
  membersOf,
  parseLossless,
  stringifyLossless,
  type LosslessJson,
} from '../body/lossless-json.ts'

const PLACE = /^[+-]?\d+$/

/** What stands at a place within JSON text, as JSON text itself; `null` where nothing does. Numbers keep their digits. */
export function jsonAt(json: string, { path, as }: JsonPlace): string {
  let value = parseLossless(json)
  for (const step of path) {
    value = isList(value)
      ? PLACE.test(step)
        ? value.at(Number(step))
        : undefined
      : membersOf(value)?.get(step)
  }
  if (value === undefined || value === null) return 'null'
  return as === 'json' || typeof value === 'string' ? stringifyLossless(value) : quoted(value)
}

function quoted(value: LosslessJson): string {
  return JSON.stringify(stringifyLossless(value))
}

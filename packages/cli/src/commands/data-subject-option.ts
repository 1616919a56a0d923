import type { DataSubjectRef } from '@varco/core'

/** Whom `--data-subject kind:key` names; `null`: it is written otherwise. */
export function dataSubjectIn(said: string): DataSubjectRef | null {
  const [, kind, id] = /^([a-z0-9.-]+):(.+)$/.exec(said) ?? []
  return kind === undefined || id === undefined ? null : { kind, id }
}

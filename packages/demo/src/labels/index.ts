export { labelledHistory } from './labelled-history.ts'
export type { LabelledHistory } from './labelled-history.ts'
export { PLANTED_KINDS } from './planted-case.ts'
export type { PlantedCase, PlantedKind } from './planted-case.ts'

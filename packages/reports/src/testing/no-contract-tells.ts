import type { HeldByContract } from '../ports.ts'

/** Where no report of a single contract was ever made. */
export const noContractTells: HeldByContract = async () => () => []

import type { DataSubjectRequest } from './request.ts'

/** Keeps requests. Every method throws `UnavailableError` while the store cannot be reached. */
export interface RequestStore {
  /** The next free number within a year, from 1; never given twice. */
  nextNumber(year: number): Promise<number>
  add(request: DataSubjectRequest): Promise<void>
  find(id: string): Promise<DataSubjectRequest | null>
  /** Puts a request in the place of its version before; `false` when somebody else changed it meanwhile. */
  replace(request: DataSubjectRequest): Promise<boolean>
  /** Those without an outcome, oldest first. */
  open(): Promise<readonly DataSubjectRequest[]>
  /** Newest first, from the one after `after` on. */
  list(page: { readonly limit: number; readonly after?: string }): Promise<readonly DataSubjectRequest[]>
}

/** Who may have to agree to a plan of retention; those that come later ask for more. */
export const APPROVALS = ['none', 'owner', 'owner-and-dpo', 'authority'] as const
export type Approval = (typeof APPROVALS)[number]

/** Who must agree, also where a rule does not say. */
export function approvalOf({ approval }: { readonly approval?: Approval | undefined }): Approval {
  return approval ?? 'owner-and-dpo'
}

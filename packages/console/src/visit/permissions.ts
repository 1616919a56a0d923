/** What a page lets one do, and the roles of the body's own staff that may. */
export const PERMISSIONS = {
  'read-log': ['dpo'],
  'read-contracts': ['dpo', 'contract-manager', 'administrator', 'auditor'],
  'read-policies': ['dpo', 'administrator', 'auditor'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type Permission = keyof typeof PERMISSIONS

export function rolesFor(permission: Permission): readonly string[] {
  return PERMISSIONS[permission]
}

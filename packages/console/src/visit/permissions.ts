import type { Action, Bundle } from '@varco/policy'

type VarcoDocument = Bundle['document']['varco']

/** A rule of the console: which roles of the body's own staff may do one thing on its pages, and why. */
export interface PermissionRule {
  /** The console's own resource that the permission is on, and the action of the policy's vocabulary. */
  readonly on: string
  readonly action: Action
  /** Where the body's bundle names the roles itself, they are the bundle's. */
  readonly roles: readonly string[] | ((varco: VarcoDocument) => readonly string[])
  /** Whoever acts must have proved who they are in the last minutes. */
  readonly stepUp?: true
  readonly because: string
}

/** What a page lets one do. Each becomes a rule that `@varco/policy` decides on: see `console-policy.ts`. */
export const PERMISSIONS = {
  'read-log': {
    on: 'access_log',
    action: 'read',
    roles: ['dpo'],
    because: 'Art. 39, par. 1, lett. b, GDPR',
  },
  'read-contracts': {
    on: 'contracts',
    action: 'read',
    roles: ['dpo', 'contract-manager', 'administrator', 'auditor'],
    because: 'Art. 28, par. 3, lett. h, GDPR',
  },
  'read-policies': {
    on: 'policies',
    action: 'read',
    roles: ['dpo', 'administrator', 'auditor'],
    because: 'Art. 24, par. 1, GDPR',
  },
  'read-grants': {
    on: 'grants',
    action: 'read',
    roles: ({ grants }) => [...(grants?.approver_roles ?? []), 'dpo'],
    because: 'Art. 28, par. 3, lett. a, e art. 39, par. 1, lett. b, GDPR',
  },
  'decide-grants': {
    on: 'grants',
    action: 'update',
    roles: ({ grants }) => grants?.approver_roles ?? [],
    because: 'Art. 28, par. 3, lett. a, e art. 32, par. 4, GDPR',
  },
  'read-alerts': {
    on: 'alerts',
    action: 'read',
    roles: ['dpo', 'auditor'],
    because: 'Garante, provv. 192/2011: alert sugli accessi e audit interno',
  },
  'answer-alerts': {
    on: 'alerts',
    action: 'update',
    roles: ['dpo'],
    because: 'Art. 33, par. 1, e art. 39, par. 1, lett. b, GDPR',
  },
  'ask-identity': {
    on: 'identities',
    action: 'search',
    roles: ['dpo'],
    because: 'L. 300/1970, art. 4; sentenza CGUE C-579/21',
  },
  'open-identity': {
    on: 'identities',
    action: 'read',
    roles: ['dpo', 'auditor'],
    stepUp: true,
    because: 'L. 300/1970, art. 4: in due, con motivo e pratica',
  },
} as const satisfies Readonly<Record<string, PermissionRule>>

export type Permission = keyof typeof PERMISSIONS

export function ruleOf(permission: Permission): PermissionRule {
  return PERMISSIONS[permission]
}

export function rolesFor(permission: Permission, { document }: Bundle): readonly string[] {
  const { roles } = ruleOf(permission)
  return typeof roles === 'function' ? roles(document.varco) : roles
}

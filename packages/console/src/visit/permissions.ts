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

/** Units that answer for records name who acts for them. */
const approversOf = ({ grants }: VarcoDocument): readonly string[] => [
  ...new Set([...(grants?.approver_roles ?? []), 'unit-approver']),
]

/** What a page lets one do. Each becomes a rule that `@varco/policy` decides on: see `console-policy.ts`. */
export const PERMISSIONS = {
  'read-log': {
    on: 'access_log',
    action: 'read',
    roles: ['dpo'],
    because: 'Art. 39, par. 1, lett. b, GDPR',
  },
  'export-log': {
    on: 'access_log',
    action: 'export',
    roles: ['dpo'],
    stepUp: true,
    because: 'Art. 32, par. 1, GDPR: una copia del registro esce solo con motivo e responsabile',
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
  'handle-requests': {
    on: 'requests',
    action: 'update',
    roles: ['dpo'],
    because: 'Art. 12, par. 2 e 3, GDPR',
  },
  'restrict-records': {
    on: 'requested_restrictions',
    action: 'update',
    roles: ['dpo'],
    stepUp: true,
    because: 'Art. 18 GDPR',
  },
  'lift-restrictions': {
    on: 'restrictions',
    action: 'update',
    roles: ['dpo', 'administrator'],
    stepUp: true,
    because: 'Art. 18, par. 2 e 3, GDPR: in due',
  },
  'make-reports': {
    on: 'reports',
    action: 'read',
    roles: ['dpo', 'contract-manager', 'auditor'],
    because: 'Art. 5, par. 2, e art. 30 GDPR',
  },
  'make-contract-reports': {
    on: 'contract_reports',
    action: 'read',
    roles: ['dpo', 'contract-manager'],
    because: 'Art. 28, par. 3, lett. h, GDPR; D.Lgs. 36/2023, art. 114',
  },
  'make-audit-report': {
    on: 'audit_reports',
    action: 'read',
    roles: ['dpo', 'auditor'],
    because: 'Garante, provv. 192/2011: audit interno almeno annuale',
  },
  'make-breach-report': {
    on: 'breach_reports',
    action: 'read',
    roles: ['dpo'],
    stepUp: true,
    because: 'Art. 33 e 34 GDPR',
  },
  'make-subject-report': {
    on: 'subject_reports',
    action: 'read',
    roles: ['dpo'],
    stepUp: true,
    because: 'Art. 15 GDPR',
  },
  'read-retention': {
    on: 'retention',
    action: 'read',
    roles: (varco) => ['dpo', 'administrator', 'auditor', ...approversOf(varco)],
    because: 'Art. 5, par. 1, lett. e, GDPR',
  },
  'plan-retention': {
    on: 'retention_plans',
    action: 'update',
    roles: ['administrator', 'dpo'],
    because: 'Art. 5, par. 1, lett. e, GDPR: ciò che è arrivato al termine va elencato e cancellato',
  },
  'approve-retention-as-owner': {
    on: 'retention_owner',
    action: 'update',
    roles: (varco) => approversOf(varco),
    stepUp: true,
    because: 'Art. 24, par. 1, GDPR: la cancellazione vuole l’accordo di due persone',
  },
  'approve-retention-as-dpo': {
    on: 'retention_dpo',
    action: 'update',
    roles: ['dpo'],
    stepUp: true,
    because: 'Art. 39, par. 1, lett. b, GDPR',
  },
  'record-retention-authority': {
    on: 'retention_authority',
    action: 'update',
    roles: ['administrator'],
    stepUp: true,
    because: 'D.Lgs. 42/2004, art. 21, comma 1, lett. d',
  },
  'export-disposal-list': {
    on: 'disposal_lists',
    action: 'export',
    roles: ['administrator', 'dpo'],
    stepUp: true,
    because: 'D.Lgs. 42/2004, art. 21, comma 1, lett. d: l’elenco va sottoposto all’autorità',
  },
  'run-retention': {
    on: 'retention_runs',
    action: 'update',
    roles: ['administrator', 'dpo'],
    stepUp: true,
    because: 'Art. 5, par. 1, lett. e, GDPR',
  },
  'draft-retention': {
    on: 'retention_rules',
    action: 'update',
    roles: ['administrator', 'dpo'],
    because: 'Art. 24, par. 2, GDPR',
  },
  'tell-record-event': {
    on: 'record_events',
    action: 'update',
    roles: (varco) => ['administrator', ...approversOf(varco)],
    stepUp: true,
    because: 'Art. 5, par. 1, lett. d ed e, GDPR: da un evento decorre il termine di conservazione',
  },
  'hold-retention': {
    on: 'retention_holds',
    action: 'update',
    roles: ['dpo', 'administrator'],
    because: 'Art. 17, par. 3, lett. e, GDPR',
  },
  'activate-policy': {
    on: 'policies',
    action: 'update',
    roles: ['administrator', 'dpo'],
    stepUp: true,
    because: 'Art. 24, par. 1, e art. 32, par. 4, GDPR: in due',
  },
  'try-policy': {
    on: 'policy_trials',
    action: 'update',
    roles: ['administrator', 'dpo'],
    because: 'Art. 25, par. 1, e art. 32, par. 1, lett. d, GDPR',
  },
  'move-contracts': {
    on: 'contracts',
    action: 'update',
    roles: ({ contract_management: management }) => management?.roles ?? [],
    stepUp: true,
    because: 'Art. 28, par. 3, lett. g, GDPR; D.Lgs. 36/2023, art. 114',
  },
  'manage-exits': {
    on: 'exits',
    action: 'update',
    roles: ({ contract_management: management }) => management?.roles ?? [],
    because: 'Art. 28, par. 3, lett. g, GDPR',
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

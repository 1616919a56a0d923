import type { Micros, Localized } from '@varco/core'
import type { Assignment } from '@varco/engagement'
import { compileBundle, decide, type Bundle, type BundleDocument, type Decision } from '@varco/policy'
import { PERMISSIONS, rolesFor, ruleOf, type Permission, type PermissionRule } from './permissions.ts'

/** What the console's pages are looked at for: the controller's own duties. */
const PURPOSE = 'console'
const CATEGORY = 'console'
const TITLE: Localized = { it: 'Console di Varco', en: 'Varco’s console' }
const FIELD = { type: 'text', category: CATEGORY, title: TITLE, nullable: false } as const
const compiled = new WeakMap<Bundle, Bundle>()

/**
 * The policy that the console's own pages are under: its resources, and a rule for each permission, with the
 * roles and units of the bundle in force. It knows no contract, so whoever works under one is denied.
 */
export function consolePolicyOf(bundle: Bundle): Bundle {
  const known = compiled.get(bundle)
  if (known !== undefined) return known
  const policy = compileBundle(consoleDocument(bundle))
  compiled.set(bundle, policy)
  return policy
}

/** Whether this may be done in this assignment, as `@varco/policy` decides it of any other request. */
export function decideInConsole(
  bundle: Bundle,
  assignment: Assignment,
  permission: Permission,
  now: Micros,
): Decision {
  const { on, action } = ruleOf(permission)
  const { contract, pseudonym, role, unit } = assignment
  const processor = contract === null ? undefined : bundle.contracts.get(contract)?.processor
  return decide(consolePolicyOf(bundle), {
    now,
    principal: { kind: 'person', pseudonym, role, unit, attributes: {} },
    contract:
      contract === null
        ? null
        : {
            id: contract,
            processor: processor ?? ('unknown' as NonNullable<typeof processor>),
            state: 'active',
          },
    purpose: PURPOSE,
    ticket: null,
    grant: null,
    action,
    resource: on,
  })
}

function consoleDocument(bundle: Bundle): BundleDocument {
  const permissions = Object.entries(PERMISSIONS) as readonly (readonly [Permission, PermissionRule])[]
  const { roles, units, controller, locale, time_zone, log } = bundle.document.varco
  const named = permissions.flatMap(([permission]) => rolesFor(permission, bundle))
  return {
    varco: {
      controller,
      locale,
      time_zone,
      log,
      units,
      categories: { [CATEGORY]: { title: TITLE, judicial: false } },
      // A role the body does not use stays without holders, and is no fault.
      roles: {
        ...Object.fromEntries(named.map((role) => [role, { title: { it: role, en: role } }])),
        ...roles,
      },
      data_subjects: {},
    },
    catalogue: [...new Set(permissions.map(([, { on }]) => on))].map((resource) => ({
      resource,
      title: TITLE,
      source: { relation: `console.${resource}` },
      key: 'page',
      fields: { page: FIELD, act: FIELD },
      relations: {},
    })),
    purposes: {
      [PURPOSE]: {
        title: TITLE,
        plain: TITLE,
        legal_basis: 'legal-obligation',
        norm: 'Art. 24 e 32 GDPR',
        categories: [CATEGORY],
      },
    },
    processors: [],
    access: permissions.flatMap(([permission, { on, action, stepUp, because }]) => {
      const holders = [...rolesFor(permission, bundle)]
      if (holders.length === 0) return []
      return [
        {
          id: permission,
          effect: 'permit',
          role: holders,
          actions: [action],
          resource: on,
          purposes: [PURPOSE],
          contracts: ['internal'],
          // What says which record it is can be written by no rule.
          fields: { plain: action === 'update' ? ['act'] : ['page'], masked: {}, hidden: [] },
          require: { ticket: 'none', grant: false, ...(stepUp === true ? { step_up: true } : {}) },
          because,
        },
      ]
    }),
    retention: [],
    cases: [],
  }
}

import { Hono } from 'hono'
import type { GuardedEnv } from '../visit/guard.ts'
import { authorityRoutes, type AuthorityRoutesDeps } from './authority-routes.tsx'
import { holdRoutes } from './hold-routes.tsx'
import { planRoutes } from './plan-routes.tsx'
import { recordEventRoutes } from './record-event-routes.tsx'
import { restrictionRoutes } from './restriction-routes.tsx'
import type { RetentionAccess } from './retention-access.ts'
import { ruleRoutes } from './rule-routes.tsx'

export type RetentionRoutesDeps = RetentionAccess & AuthorityRoutesDeps

/** All pages of retention. What an authority is sent of a plan comes before the acts that any plan has. */
export function retentionRoutes(deps: RetentionRoutesDeps): Hono<GuardedEnv> {
  return new Hono<GuardedEnv>()
    .route('/', authorityRoutes(deps))
    .route('/', planRoutes(deps))
    .route('/', ruleRoutes(deps))
    .route('/', recordEventRoutes(deps))
    .route('/', holdRoutes(deps))
    .route('/', restrictionRoutes(deps))
}

export { createOperations } from './create-operations.ts'
export { createProxy } from './create-proxy.ts'
export { upstreamDisposal } from './upstream/upstream-disposal.ts'
export { UpstreamPools } from './upstream/upstream-pools.ts'
export type { UpstreamAccess } from './upstream/upstream-pools.ts'
export type {
  CanaryTouch,
  CanaryWatch,
  ProxyDependencies,
  ProxyLimits,
  RestrictedRecords,
} from './dependencies.ts'
export { serveProxy } from './serve-proxy.ts'
export type { RunningProxy, ServeOptions } from './serve-proxy.ts'

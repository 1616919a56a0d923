export { createProxy } from './create-proxy.ts'
export type { ProxyDependencies, ProxyLimits } from './dependencies.ts'
export { serveProxy } from './serve-proxy.ts'
export type { RunningProxy, ServeOptions } from './serve-proxy.ts'

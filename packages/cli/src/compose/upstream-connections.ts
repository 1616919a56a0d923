import type { Config } from '@varco/core'
import { UpstreamPools } from '@varco/proxy'
import { withSampleUpstreams } from './sample-upstreams-file.ts'
import { readUpstreamAccess } from './upstream-access.ts'

/** Connections to the upstreams, opened when somebody asks for them: most commands never do. */
export interface UpstreamConnections extends AsyncDisposable {
  /** @throws ConfigError when what the installation knows of its upstreams cannot be read */
  readonly pools: () => Promise<UpstreamPools>
}

export function upstreamConnections(config: Config): UpstreamConnections {
  let opened: Promise<UpstreamPools> | null = null
  return {
    pools: () =>
      (opened ??= readUpstreamAccess(withSampleUpstreams(config)).then(
        (access) => new UpstreamPools(access),
      )),
    [Symbol.asyncDispose]: async () => {
      const pools = await opened?.catch(() => null)
      await pools?.[Symbol.asyncDispose]()
    },
  }
}

import { fileAnchor, witnessAnchor, type Anchor, type LogReadStore } from '@varco/access-log'
import { ConfigError, type Config } from '@varco/core'
import { homeOf } from './home.ts'

/**
 * What remembers the log's checkpoints outside the database: a file always, and a witness where one is set.
 * @throws ConfigError when only one of the witness's two settings is there, or its key is none for cosignatures
 */
export function openAnchors(config: Config, reading: LogReadStore): readonly Anchor[] {
  const { VARCO_WITNESS_URL: address, VARCO_WITNESS_KEY: verifierKey, VARCO_LOG_ORIGIN: origin } = config
  const { anchor } = homeOf(config)
  if (address === undefined && verifierKey === undefined) return [fileAnchor(anchor)]
  if (address === undefined)
    throw new ConfigError('VARCO_WITNESS_URL', 'VARCO_WITNESS_URL is missing beside VARCO_WITNESS_KEY')
  if (verifierKey === undefined)
    throw new ConfigError('VARCO_WITNESS_KEY', 'VARCO_WITNESS_KEY is missing beside VARCO_WITNESS_URL')
  const keep = fileAnchor(`${anchor}.witnessed`)
  const url = address.replace(/\/+$/, '')
  return [fileAnchor(anchor), witnessAnchor({ url, verifierKey, origin, reading, keep })]
}

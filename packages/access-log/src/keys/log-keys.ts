import { createSecretKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { ConfigError } from '@varco/core'
import { isKeyName, noteVerifier, verifierText } from '../notes/note-key.ts'

/** The log's two secrets. Both live outside the database: whoever owns the database cannot sign or look people up. */
export interface LogKeys {
  /** Name of the log: first line of its checkpoints, name of its key. */
  readonly origin: string
  /** Ed25519 private key that signs the checkpoints. */
  readonly signing: KeyObject
  /** Secret under which data subjects are looked up. */
  readonly lookup: KeyObject
  /** C2SP verifier key text, `origin+id+base64`: public, and all that a stranger needs. */
  readonly verifier: string
  /** Verifiers of the signing keys before this one: what they signed is still checked with them. */
  readonly former: readonly string[]
}

/** All that checks what the log ever signed, today's first. */
export function verifiersOf({ verifier, former }: Pick<LogKeys, 'verifier' | 'former'>): readonly string[] {
  return [verifier, ...former]
}

const LOOKUP_KEY_BYTES = 32

/** @throws ConfigError when the origin cannot be a key's name */
export function generateLogKeys(origin: string): LogKeys {
  return logKeys(
    origin,
    generateKeyPairSync('ed25519').privateKey,
    createSecretKey(randomBytes(LOOKUP_KEY_BYTES)),
  )
}

export function logKeys(
  origin: string,
  signing: KeyObject,
  lookup: KeyObject,
  former: readonly string[] = [],
): LogKeys {
  if (!isKeyName(origin))
    throw new ConfigError('VARCO_LOG_ORIGIN', "the log's origin must hold no space and no plus")
  return { origin, signing, lookup, verifier: verifierText(noteVerifier(origin, signing)), former }
}

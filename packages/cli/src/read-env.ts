/** The environment as text. The one place of Varco that reads it; `envToConfig` gives it meaning. */
export function readEnv(): Readonly<Record<string, string | undefined>> {
  return process.env
}

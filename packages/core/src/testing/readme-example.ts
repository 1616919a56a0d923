import { readFile } from 'node:fs/promises'
import path from 'node:path'

/**
 * The first `ts` example of a package's README, and the code between `// #region example` and `// #endregion` of the
 * test that runs it, without the test's indentation: a test holds them equal, so that what is printed runs.
 * @param testFile `import.meta.filename` of a test in the package's `tests` folder
 */
export async function readmeExample(testFile: string): Promise<{ printed: string | undefined; run: string }> {
  const readme = await readFile(path.join(path.dirname(testFile), '..', 'README.md'), 'utf8')
  const source = await readFile(testFile, 'utf8')
  const regions = [...source.matchAll(/^ *\/\/ #region example\n([^]*?)^ *\/\/ #endregion/gm)]
  return {
    printed: /```ts\n([^]*?)```/.exec(readme)?.[1],
    run: regions.map(([, region = '']) => region.replaceAll(/^ {2}/gm, '')).join(''),
  }
}

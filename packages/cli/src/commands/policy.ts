import {
  bundleJsonSchemas,
  casesText,
  diffBundles,
  diffText,
  findIdleRules,
  loadBundle,
  matrixCsv,
  matrixHtml,
  matrixText,
  policyMatrix,
  renderProblem,
  runCases,
} from '@varco/policy'
import { LOCALES, type Locale } from '@varco/core'
import { Option, type Command } from 'commander'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { asJson } from '../as-json.ts'
import type { CommandWork, Run } from '../command-context.ts'
import { openBundle } from './policy-bundle.ts'
import { registerExplain } from './policy-explain.ts'
import { registerShadow } from './policy-shadow.ts'
import { registerVersions } from './policy-versions.ts'

const BUNDLE_ARGUMENT = 'a bundle’s folder, a version, or "active" (default: VARCO_POLICIES)'

export function registerPolicy(program: Command, run: Run): void {
  const policy = program
    .command('policy')
    .description('the bundle of rules: who may see what, for which purpose')
  policy
    .command('check')
    .description('read a bundle and say every mistake, with file, line and what was meant; changes nothing')
    .argument('[folder]', 'the bundle’s folder (default: VARCO_POLICIES)')
    .addHelpText('after', '\nExample:\n  $ varco policy check policies')
    .action((folder: string | undefined) => run(checkWork(folder)))
  policy
    .command('test')
    .description(
      'run the golden cases; exit 1 if one disagrees. Tells what no case tests, and rules that do nothing',
    )
    .argument('[bundle]', BUNDLE_ARGUMENT)
    .addHelpText('after', '\nExample:\n  $ varco policy test policies')
    .action((given: string | undefined) => run(testWork(given)))
  policy
    .command('diff')
    .description('exactly who sees more or less under another bundle, with an example for each widening')
    .argument('<old>', BUNDLE_ARGUMENT)
    .argument('<new>', BUNDLE_ARGUMENT)
    .option('--deny-widening', 'exit 1 if anybody might see more')
    .addHelpText('after', '\nExample:\n  $ varco policy diff active policies --deny-widening')
    .action((before: string, after: string, options: { denyWidening?: true }) =>
      run(diffWork(before, after, options.denyWidening === true)),
    )
  policy
    .command('matrix')
    .description('everything anybody may see: role by purpose by field, and on which rows')
    .argument('[bundle]', BUNDLE_ARGUMENT)
    .addOption(
      new Option('--format <format>', 'how to write it').choices(['text', 'csv', 'html']).default('text'),
    )
    .addOption(
      new Option('--locale <locale>', 'language of the page (default: the bundle’s)').choices(LOCALES),
    )
    .addHelpText('after', '\nExample:\n  $ varco policy matrix policies --format html > matrix.html')
    .action((given: string | undefined, options: { format: 'text' | 'csv' | 'html'; locale?: Locale }) =>
      run(matrixWork(given, options)),
    )
  policy
    .command('schemas')
    .description('write the JSON Schemas that editors check a bundle’s files with into its .schemas folder')
    .argument('[folder]', 'the bundle’s folder (default: VARCO_POLICIES)')
    .addHelpText('after', '\nExample:\n  $ varco policy schemas policies')
    .action((folder: string | undefined) => run(schemasWork(folder)))
  registerExplain(policy, run)
  registerShadow(policy, run)
  registerVersions(policy, run)
}

function checkWork(folder: string | undefined): CommandWork {
  return async ({ config, output }) => {
    const loaded = await loadBundle(folder ?? config.VARCO_POLICIES)
    if (!loaded.ok) {
      output.answer(
        { ok: false, problems: loaded.problems.map((problem) => ({ ...problem })) },
        loaded.problems.map(renderProblem).join('\n'),
      )
      return 1
    }
    const { bundle } = loaded
    const counts = {
      resources: bundle.resources.size,
      purposes: bundle.purposes.size,
      contracts: bundle.contracts.size,
      rules: bundle.rules.all.length,
    }
    output.answer(
      { ok: true, version: bundle.version, ...counts },
      `no mistakes: ${counts.resources} resources, ${counts.purposes} purposes, ${counts.contracts} contracts, ${counts.rules} rules; version ${bundle.version.slice(0, 12)}`,
    )
    return 0
  }
}

function testWork(given: string | undefined): CommandWork {
  return async ({ config, output }) => {
    const bundle = await openBundle(given, config)
    const report = runCases(bundle)
    const findings = findIdleRules(bundle)
    output.answer(asJson({ ...report, findings }), casesText(report, findings))
    return report.failed === 0 ? 0 : 1
  }
}

function diffWork(before: string, after: string, denyWidening: boolean): CommandWork {
  return async ({ config, output }) => {
    const diff = diffBundles(await openBundle(before, config), await openBundle(after, config))
    output.answer(asJson(diff), diffText(diff))
    return denyWidening && diff.widens ? 1 : 0
  }
}

function matrixWork(
  given: string | undefined,
  { format, locale }: { format: 'text' | 'csv' | 'html'; locale?: Locale },
): CommandWork {
  return async ({ config, output }) => {
    const bundle = await openBundle(given, config)
    const entries = policyMatrix(bundle)
    const texts = {
      text: () => matrixText(entries),
      csv: () => matrixCsv(entries),
      html: () => matrixHtml(bundle, entries, locale ?? bundle.document.varco.locale),
    }
    output.answer(asJson(entries), texts[format]())
    return 0
  }
}

function schemasWork(given: string | undefined): CommandWork {
  return async ({ config, output }) => {
    const folder = path.join(given ?? config.VARCO_POLICIES, '.schemas')
    await mkdir(folder, { recursive: true })
    const schemas = bundleJsonSchemas()
    for (const [name, text] of schemas) await writeFile(path.join(folder, name), text)
    output.answer({ written: [...schemas.keys()] }, `${schemas.size} schemas are in ${folder}`)
    return 0
  }
}

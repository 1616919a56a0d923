import * as modules from 'node:module'

/*
 * Node reads a package's whole list of exports for each of its files it loads, and drizzle-orm's has 180 kB for some three
 * hundred files: a second of every start and 100 MB of garbage. Where a file of that package names another of it, there is
 * nothing to find out. To be loaded before the rest.
 */
const PACKAGE = '/node_modules/drizzle-orm/'

// Since Node 22.15; before it, a start takes its second.
if ('registerHooks' in modules)
  modules.registerHooks({
    resolve: (specifier, context, next) =>
      specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.includes(PACKAGE) === true
        ? { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
        : next(specifier, context),
  })

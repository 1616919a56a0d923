/* One writer in a process of its own: prints its events a second. Arguments: address, keys, name, callers. */
import { loadLogKeys } from '@varco/access-log'
import { openDatabase, openLogStore } from '@varco/postgres'
import { measureAppending } from './appending.ts'

const [url = '', keysDir = '', writer = '', callers = ''] = process.argv.slice(2)
await using database = openDatabase({ url })
await using store = openLogStore(database)
const { eventsPerS } = await measureAppending(store, await loadLogKeys(keysDir), writer, Number(callers))
console.log(JSON.stringify({ eventsPerS }))

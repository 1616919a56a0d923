/* One writer in a process of its own, 64 callers: prints its events a second. Arguments: address, keys, name. */
import { loadLogKeys } from '@varco/access-log'
import { openDatabase, openLogStore } from '@varco/postgres'
import { measureAppending } from './appending.ts'

const [url = '', keysDir = '', writer = ''] = process.argv.slice(2)
await using database = openDatabase({ url })
await using store = openLogStore(database)
const { eventsPerS } = await measureAppending(store, await loadLogKeys(keysDir), writer, 64)
console.log(JSON.stringify({ eventsPerS }))

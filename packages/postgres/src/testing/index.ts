export { copyServerFiles, freshServer } from './fresh-server.ts'
export { scratchDatabase } from './scratch-database.ts'

export { scratchDatabase } from './scratch-database.ts'

export { ManualClock } from './manual-clock.ts'
export { readmeExample } from './readme-example.ts'

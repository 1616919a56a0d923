/* Loaded before all else: the heap of `varco retention`. */
import { keepHeapLean } from '../../../packages/cli/src/lean-heap.ts'

keepHeapLean('retention')

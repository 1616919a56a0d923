import { expect, test } from 'vitest'
import { SliceSize } from '../src/slice-size.ts'

/** After many slices of which each takes so long, and each key of it. */
function settled(
  givesWay: boolean,
  sliceMs: number,
  keyMs: number,
): { readonly least: number; readonly most: number } {
  const size = new SliceSize(givesWay)
  const sizes: number[] = []
  for (let slice = 0; slice < 60; slice++) {
    sizes.push(size.keys)
    size.took(size.keys, sliceMs + size.keys * keyMs)
  }
  const late = sizes.slice(30)
  return { least: Math.min(...late), most: Math.max(...late) }
}

test('slices grow while they are quick, up to as many as a page has', () => {
  expect(settled(false, 5, 0.01)).toEqual({ least: 2_000, most: 2_000 })
})

test('slices shrink to the time they may hold locks, and to less where others are given way', () => {
  expect(settled(false, 5, 2).most * 2).toBeLessThanOrEqual(400)
  expect(settled(true, 5, 2).most * 2).toBeLessThanOrEqual(100)
  expect(settled(false, 5, 1_000)).toEqual({ least: 20, most: 20 })
})

test('where each slice takes long whatever its size, they do not shrink to nothing', () => {
  expect(settled(false, 600, 0.05).least).toBeGreaterThanOrEqual(500)
  expect(settled(true, 300, 0.05).least).toBeGreaterThanOrEqual(500)
})

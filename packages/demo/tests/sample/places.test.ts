import { describe, expect, it } from 'vitest'
import { loadPlaces } from '../../src/sample/places.ts'
import { randomFrom } from '../../src/sample/random.ts'
import { sampleOperators } from '../../src/sample/sample-operators.ts'

describe('loadPlaces', () => {
  it('draws from all twenty regions, and the officers’ regions are among them', async () => {
    const places = await loadPlaces()
    const random = randomFrom('places')
    const seen = new Set(Array.from({ length: 5_000 }, () => places.any(random).region))
    expect(seen.size).toBe(20)
    const assigned = sampleOperators().flatMap(({ attributes }) => attributes['regions'] ?? [])
    expect(new Set(assigned)).toEqual(seen)
  })

  it('gives municipalities by their official names, accents included', async () => {
    const places = await loadPlaces()
    const random = randomFrom('names')
    const drawn = Array.from({ length: 20_000 }, () => places.any(random))
    expect(drawn).toContainEqual({
      municipality: 'Forlì',
      province: 'FC',
      region: 'Emilia-Romagna',
      town: true,
      code: 'D704',
    })
    expect(drawn.filter(({ province }) => !/^[A-Z]{2}$/.test(province))).toEqual([])
  })

  it('lets most be born where they live', async () => {
    const places = await loadPlaces()
    const random = randomFrom('births')
    const births = Array.from({ length: 1_000 }, () => places.birthPlace(random, 'Sardegna'))
    expect(births.filter(({ region }) => region === 'Sardegna').length).toBeGreaterThan(800)
  })
})

import { describe, expect, it } from 'vitest'
import { nodeFeatures } from '../../src/shared/node-features.ts'

describe('the table of Node facts', () => {
  it.each([
    ['12.22.0', false, false, false, false],
    ['18.20.8', false, false, false, false],
    ['20.18.3', false, false, false, false],
    ['20.19.0', true, false, false, false],
    ['20.20.2', true, false, false, false],
    ['21.7.3', false, false, false, false],
    ['22.11.0', false, false, false, false],
    ['22.12.0', true, false, false, false],
    ['22.15.0', true, false, false, false],
    ['22.22.2', true, false, false, false],
    ['22.22.3', true, true, true, false],
    ['22.23.0', true, true, true, false],
    ['23.11.1', true, false, false, false],
    ['24.0.0', true, false, false, true],
    ['24.11.0', true, false, false, true],
    ['24.11.1', true, true, true, true],
    ['25.0.0', true, false, false, true],
    ['25.1.0', true, true, true, true],
    ['26.0.0', true, true, true, true],
    ['v26.0.0-rc.1', true, true, true, true],
    ['v22.22.3', true, true, true, false],
    ['27.0.0', true, true, false, true],
  ])(
    'says of %s: supported %s, synchronous hooks %s, announced imports %s, async context frames %s',
    (version, supported, synchronousHooks, announcesImports, asyncContextFrame) => {
      expect(nodeFeatures(version)).toEqual({
        supported,
        synchronousHooks,
        announcesImports,
        asyncContextFrame,
      })
    },
  )

  it('knows the Node that runs these tests as supported', () => {
    expect(nodeFeatures(process.versions.node).supported).toBe(true)
  })
})

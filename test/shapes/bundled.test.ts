import { describe, expect, it } from 'vitest'
import { nodeLines } from '../support/node-lines.ts'
import { WAYS_TO_LOAD } from '../support/ways-to-load.ts'
import { installShape, runShape } from './run-shape.ts'
import { shapesOf } from './shape.ts'

const NOTHING = /info: no module was loaded that exports ZenOrchestrator.*\(external\)/g

describe('where ZenOrchestrator never was a module', () => {
  const shape = shapesOf('starts').find(({ name }) => name === 'bundles')
  const [line] = nodeLines()
  const [way] = WAYS_TO_LOAD
  if (!shape || !line || !way) throw new Error('the shape is missing')
  const installed = installShape(shape)
  const start = (program: string, level: string, more: Record<string, string> = {}) => {
    const env = { ZEN_TELEMETRY_LOG_LEVEL: level, ...more }
    return runShape(installed, { args: [program], env, spans: [] }, line, way)
  }

  it('a line at the end of the process says so at info, with the likely reason', async () => {
    const { ended } = await start('dist/esbuild.cjs', 'info')
    expect(ended.stderr.match(NOTHING)).toHaveLength(1)
    expect(ended).toMatchObject({ code: 0, stdout: 'tea: 12 EUR\n' })
  })

  it('nothing says so at the default level', async () => {
    const { ended } = await start('dist/esbuild.cjs', 'warn')
    expect(ended.stderr).toBe('')
  })

  it('nothing says so where it was left out of the bundle', async () => {
    const { ended, spans } = await start('dist/external.mjs', 'info')
    expect(ended.stderr).not.toMatch(NOTHING)
    expect(spans).not.toEqual([])
  })

  it('nothing says so where it was found, and no call sampled', async () => {
    const { ended, spans } = await start('dist/external.mjs', 'info', { ZEN_TELEMETRY_SAMPLE_RATE: '0' })
    expect(ended.stderr).not.toMatch(NOTHING)
    expect(spans).toEqual([])
  })
})

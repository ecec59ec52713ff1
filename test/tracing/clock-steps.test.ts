import { expect, it, vi } from 'vitest'
import { createTracedCall } from '../../src/patch/traced-call.ts'
import { epochNow } from '../../src/tracing/clock.ts'
import { recordingTracer, TEMPLATE } from './recording-tracer.ts'

vi.mock('../../src/tracing/clock.ts', { spy: true })

it('a wall clock that is set back does not put a child before its parent', () => {
  let epoch = 1_763_800_000_000
  vi.mocked(epochNow).mockImplementation(() => (epoch -= 3_600_000))
  const { tracer, spans } = recordingTracer()
  const call = createTracedCall(tracer, () => {})
  call(TEMPLATE, () => call(TEMPLATE, () => {}, undefined, []), undefined, [])
  const [child, parent] = spans
  expect(child!.start).toBeGreaterThanOrEqual(parent!.start)
  expect(child!.end).toBeLessThanOrEqual(parent!.end)
  expect(epochNow).toHaveBeenCalledTimes(1)
})

import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createTracedCall } from '../../src/patch/traced-call.ts'
import type { Tracer } from '../../src/tracing/tracer.ts'
import { recordingTracer, TEMPLATE } from '../tracing/recording-tracer.ts'

/** Calls without a span, and how many of them are open. */
function unsampledCalls(): { call: (work: () => unknown) => unknown; open: () => number } {
  const { tracer } = recordingTracer({ sampler: { shouldSample: () => false, rate: 0 } })
  let open = 0
  const counting: Tracer = {
    ...tracer,
    openUnsampled() {
      open++
      return tracer.openUnsampled()
    },
    closeUnsampled() {
      open--
      tracer.closeUnsampled()
    },
  }
  const tracedCall = createTracedCall(counting, (error) => {
    throw error
  })
  return { call: (work) => tracedCall(TEMPLATE, work, undefined, []), open: () => open }
}

describe('a call that is not sampled', () => {
  it.each([
    ['a value', () => 1],
    ['nothing', () => undefined],
    ['an object', () => ({})],
    ['a function', () => () => {}],
  ])('is over when it returns %s', (_, work) => {
    const { call, open } = unsampledCalls()
    call(work)
    expect(open()).toBe(0)
  })

  it('is over when it throws', () => {
    const { call, open } = unsampledCalls()
    expect(() =>
      call(() => {
        throw new Error('no tea')
      }),
    ).toThrow('no tea')
    expect(open()).toBe(0)
  })

  it('is open until its promise settles', async () => {
    const { call, open } = unsampledCalls()
    let settle = (): void => {}
    let fail = (_: Error): void => {}
    const settling = call(() => new Promise<void>((resolve) => (settle = resolve))) as Promise<void>
    const failing = call(() => new Promise<void>((_, reject) => (fail = reject))) as Promise<void>
    expect(open()).toBe(2)
    settle()
    await settling
    expect(open()).toBe(1)
    fail(new Error('no tea'))
    await expect(failing).rejects.toThrow('no tea')
    expect(open()).toBe(0)
  })

  it('is open until its generator is exhausted, and closed once', () => {
    const { call, open } = unsampledCalls()
    const generator = call(function* () {
      yield 1
    }) as Generator<number>
    expect(open()).toBe(1)
    expect([...generator]).toEqual([1])
    generator.next()
    expect(open()).toBe(0)
  })

  it('is open until its stream has closed', async () => {
    const { call, open } = unsampledCalls()
    const stream = call(() => Readable.from(['tea'])) as Readable
    expect(open()).toBe(1)
    const closed = new Promise((resolve) => stream.on('close', resolve))
    stream.resume()
    await closed
    expect(open()).toBe(0)
  })
})

import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CallContext } from '../../src/tracing/call-context.ts'

const SECOND_MS = 1000
const TICK_MS = 250

let disable: ReturnType<typeof vi.spyOn>

beforeEach(() => {
  vi.useFakeTimers()
  disable = vi.spyOn(AsyncLocalStorage.prototype, 'disable')
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Loaded anew each time: it keeps the timer of the moment at which it is loaded. */
async function createContext(costsWhileUnused: boolean): Promise<CallContext<string>> {
  vi.resetModules()
  const { createCallContext } = await import('../../src/tracing/call-context.ts')
  return createCallContext<string>(costsWhileUnused)
}

function callOnce(context: CallContext<string>): void {
  context.opened()
  context.apply(context.here(), 'span', () => {}, undefined, [])
  context.closed()
}

describe('the context of calls', () => {
  it('is never switched off where it costs nothing', async () => {
    const context = await createContext(false)
    callOnce(context)
    vi.advanceTimersByTime(10 * SECOND_MS)
    expect(disable).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the context of calls on Node 20 and 22', () => {
  it('is switched off when no call has been open for a second, and rests then', async () => {
    const context = await createContext(true)
    callOnce(context)
    vi.advanceTimersByTime(SECOND_MS - 1)
    expect(disable).not.toHaveBeenCalled()
    vi.advanceTimersByTime(TICK_MS)
    expect(disable).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('stays on while calls come, and while one is open', async () => {
    const context = await createContext(true)
    for (let second = 0; second < 20; second++) {
      callOnce(context)
      vi.advanceTimersByTime(SECOND_MS / 2)
    }
    context.opened()
    vi.advanceTimersByTime(60 * SECOND_MS)
    expect(disable).not.toHaveBeenCalled()
    context.closed()
    vi.advanceTimersByTime(SECOND_MS + TICK_MS)
    expect(disable).toHaveBeenCalledTimes(1)
  })

  it('is on again with the next call', async () => {
    const context = await createContext(true)
    callOnce(context)
    vi.advanceTimersByTime(2 * SECOND_MS)
    expect(context.run('next', () => context.activeIn(context.here()))).toBe('next')
  })
})

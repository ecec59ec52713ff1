import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openProcessQueue } from '../../src/transport/process-queue.ts'
import { callOwner, serveCalls } from '../../src/transport/queue-owner.ts'
import { controlOf, Word } from '../../src/transport/control-block.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'

const listeners = process.listeners('exit')
afterEach(() => {
  for (const listener of process.listeners('exit')) {
    if (!listeners.includes(listener)) process.off('exit', listener)
  }
})

function owner() {
  const control = controlOf(allocateSpanQueue(1))
  const seen: string[] = []
  serveCalls(control, { onCall: () => seen.push('call'), onExit: () => seen.push('exit') })
  return { control, seen }
}

describe('the owner of the queue', () => {
  it('is called once, until it has looked away again', async () => {
    const { control, seen } = owner()
    Atomics.store(control, Word.served, 1)
    callOwner(control)
    await expect.poll(() => seen).toEqual(['call'])
    Atomics.store(control, Word.watched, 1)
    callOwner(control)
    await nextTurn()
    expect(seen).toEqual(['call'])
    Atomics.store(control, Word.watched, 0)
    callOwner(control)
    await expect.poll(() => seen).toEqual(['call', 'call'])
  })

  it('is called again while there is no export thread', async () => {
    const { control, seen } = owner()
    callOwner(control)
    await expect.poll(() => seen).toHaveLength(1)
    callOwner(control)
    await expect.poll(() => seen).toHaveLength(2)
  })

  it('lets the message and the end of a worker pass before it starts anything', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    vi.resetModules()
    try {
      const { serveCalls: serve } = await import('../../src/transport/queue-owner.ts')
      const control = controlOf(allocateSpanQueue(1))
      const seen: string[] = []
      serve(control, { onCall: () => seen.push('call'), onExit: () => {} })
      callOwner(control)
      while (vi.getTimerCount() === 0) await nextTurn()
      expect(seen).toEqual([])
      await vi.advanceTimersByTimeAsync(30)
      expect(seen).toEqual(['call'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('looks at the end of the process whether anything is undelivered', () => {
    const { control, seen } = owner()
    const [added] = process.listeners('exit').filter((listener) => !listeners.includes(listener))
    added!(0)
    expect(seen).toEqual([])
    Atomics.add(control, Word.taken, 1)
    added!(0)
    expect(seen).toEqual(['exit'])
  })
})

describe('the queue of a thread that inherits none', () => {
  it.each([
    ['4096', 8 * 1024 * 1024],
    [undefined, 4 * 1024 * 1024],
    ['many', 4 * 1024 * 1024],
  ])('is made for %s spans', (spans, bytes) => {
    const { memory, owned } = openProcessQueue(spans)
    expect(owned).toBe(true)
    expect(memory.byteLength).toBe(bytes + bytes / 32 + 320)
  })
})

import { expect, it } from 'vitest'
import { createHangWatch } from '../../src/transport/hang-watch.ts'
import { controlOf, waitingSpans, Word } from '../../src/transport/control-block.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'

function setUp() {
  const control = controlOf(allocateSpanQueue(1))
  const time = { now: 1000 }
  const hangs = createHangWatch(control)
  /** A span is written so many seconds after the one before. */
  function write(seconds: number): boolean {
    time.now += seconds * 1000
    Atomics.add(control, Word.published, 1 << 16)
    return hangs(time.now)
  }
  const take = (): void => {
    Atomics.add(control, Word.taken, waitingSpans(control))
    Atomics.store(control, Word.published, 0)
  }
  return { control, write, take }
}

it('trusts a thread that takes what it is given, however seldom that is', () => {
  const { write, take } = setUp()
  for (let round = 0; round < 10; round++) {
    expect(write(3600)).toBe(false)
    take()
  }
})

it('trusts a thread that is slow, as long as it takes something', () => {
  const { control, write } = setUp()
  for (let round = 0; round < 100; round++) {
    expect(write(1)).toBe(false)
    if (round % 5 === 0) Atomics.add(control, Word.taken, 1)
  }
})

it('finds a thread that takes nothing for ten seconds, and no more after it was woken', () => {
  const { control, write } = setUp()
  const wake = Atomics.load(control, Word.wake)
  const found = Array.from({ length: 16 }, () => write(1))
  expect(found.indexOf(true)).toBeGreaterThanOrEqual(11)
  expect(Atomics.load(control, Word.wake)).toBeGreaterThan(wake)
})

it('gives a process that was paused the time to go on', () => {
  const { write, take } = setUp()
  write(0)
  write(0)
  expect(write(3600)).toBe(false)
  take()
  expect(write(3)).toBe(false)
})

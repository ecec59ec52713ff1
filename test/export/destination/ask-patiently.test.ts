import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { askPatiently } from '../../../src/export/destination/ask-patiently.ts'
import type { MetadataAnswer } from '../../../src/export/destination/metadata-project.ts'

const ABSENT: MetadataAnswer = { kind: 'absent' }
const SILENT: MetadataAnswer = { kind: 'undecided', reason: 'it did not answer in time' }
const BUSY: MetadataAnswer = { kind: 'undecided', reason: 'it answered 503' }
const FOUND: MetadataAnswer = { kind: 'project', projectId: 'late-project' }

vi.mock('node:timers/promises', () => ({
  setTimeout: (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}))
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Gives the answers one after the other, the last one for ever. */
function ask(...answers: MetadataAnswer[]) {
  const waits: string[] = []
  let asked = 0
  const promise = askPatiently(async () => answers[Math.min(asked++, answers.length - 1)]!, {
    mostMs: 60_000,
    onWait: (reason) => waits.push(reason),
  })
  return { promise, waits, asked: () => asked }
}

describe('asking patiently', () => {
  it.each([FOUND, ABSENT])('takes what is clear at once: %o', async (answer) => {
    const { promise, waits, asked } = ask(answer)
    expect([await promise, waits, asked()]).toEqual([answer, [], 1])
  })

  it('goes on until there is a project, and says once why', async () => {
    const { promise, waits, asked } = ask(SILENT, BUSY, SILENT, FOUND)
    await vi.advanceTimersByTimeAsync(10_000)
    expect([await promise, waits, asked()]).toEqual([FOUND, ['it did not answer in time'], 4])
  })

  it('takes a server that is gone again for one that may come back', async () => {
    const { promise } = ask(SILENT, ABSENT, FOUND)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await promise).toEqual(FOUND)
  })

  it('ends with what it knows last', async () => {
    const { promise, asked } = ask(SILENT, BUSY, ABSENT)
    await vi.advanceTimersByTimeAsync(59_000)
    const before = asked()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await promise).toEqual(BUSY)
    expect(asked()).toBe(before)
  })
})

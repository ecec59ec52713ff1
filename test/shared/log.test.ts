import * as fs from 'node:fs'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createLogger, LOG_LEVELS, type LogLevel } from '../../src/shared/log.ts'

vi.mock('node:fs', { spy: true })

const lines: string[] = []
beforeEach(() => {
  lines.length = 0
  vi.mocked(fs.writeSync).mockImplementation(((descriptor: number, text: string) => {
    lines.push(`${descriptor} ${text}`)
    return text.length
  }) as typeof fs.writeSync)
})

describe('the log', () => {
  it.each([
    ['none', []],
    ['error', ['error']],
    ['warn', ['error', 'warn']],
    ['info', ['error', 'warn', 'info']],
    ['debug', ['error', 'warn', 'info', 'debug']],
  ] as const)('at level %s writes %j', (level, written) => {
    const log = createLogger(level)
    for (const own of LOG_LEVELS.slice(1) as Exclude<LogLevel, 'none'>[]) log[own]('hello')
    expect(lines).toEqual(written.map((own) => `2 [zen-telemetry] ${own}: hello\n`))
  })

  it('writes one bounded line, whatever the message holds', () => {
    createLogger('warn').warn(`a\n  b\r\n\r\nc ${'x'.repeat(10_000)}`)
    expect(lines[0]).toMatch(/^2 \[zen-telemetry\] warn: a b c x+\n$/)
    expect(lines[0]!.length).toBeLessThan(2100)
  })

  it('loses the line where stderr is closed, and nothing else', () => {
    vi.mocked(fs.writeSync).mockImplementation(() => {
      throw Object.assign(new Error('EBADF'), { code: 'EBADF' })
    })
    expect(() => createLogger('warn').warn('hello')).not.toThrow()
  })
})

import { closeSync, openSync, readSync } from 'node:fs'
import { hexWord } from '../shared/hex-word.ts'

/** A process that makes few ids need not wait for many random bytes; for one that makes more, each draw is three system calls. */
const FIRST_BYTES = 4096
const POOL_BYTES = 16_384
const WORD_BYTES = 4
const WORD_DIGITS = 8
const HEX = 16
const TRACE_ID_WORDS = 4
const SPAN_ID_WORDS = 2
/** The lowest bit of the first of a word's four bytes. */
const NOT_ZERO = 1 << 24
const SYSTEM_RANDOM = '/dev/urandom'

/** 16 hex digits, kept as two 32-bit words: few ids are ever read as text on the application's thread. */
export class SpanId {
  readonly first: number
  readonly second: number

  constructor(first: number, second: number) {
    this.first = first
    this.second = second
  }

  static of(digits: string): SpanId {
    return new SpanId(wordOf(digits, 0), wordOf(digits, 1))
  }

  toString(): string {
    return hexWord(this.first) + hexWord(this.second)
  }
}

/** 32 hex digits, kept as four 32-bit words. */
export class TraceId {
  readonly first: number
  readonly second: number
  readonly third: number
  readonly fourth: number

  constructor(first: number, second: number, third: number, fourth: number) {
    this.first = first
    this.second = second
    this.third = third
    this.fourth = fourth
  }

  static of(digits: string): TraceId {
    return new TraceId(wordOf(digits, 0), wordOf(digits, 1), wordOf(digits, 2), wordOf(digits, 3))
  }

  toString(): string {
    return hexWord(this.first) + hexWord(this.second) + hexWord(this.third) + hexWord(this.fourth)
  }
}

/** Makes trace and span ids from the system's random source, which the application's own numbers never depend on. */
export interface IdGenerator {
  /** Not all zero. */
  traceId(): TraceId
  /** Not all zero. */
  spanId(): SpanId
}

/** Makes a generator that draws random bytes in large portions, since each draw is a system call. */
export function createIdGenerator(): IdGenerator {
  const pool = Buffer.allocUnsafeSlow(POOL_BYTES)
  const words = new Int32Array(pool.buffer, pool.byteOffset, POOL_BYTES / WORD_BYTES)
  let filled = 0
  let used = 0

  /** @returns where so many fresh words are */
  function draw(count: number): number {
    if (used + count > filled) refill()
    used += count
    return used - count
  }

  function refill(): void {
    const drawn = filled === 0 ? pool.subarray(0, FIRST_BYTES) : pool
    fillRandomly(drawn)
    filled = drawn.length / WORD_BYTES
    // All zeros is no id in the W3C trace context specification; one bit in each of the smallest makes it impossible.
    for (let at = 0; at < filled; at += SPAN_ID_WORDS) words[at]! |= NOT_ZERO
    used = 0
  }

  return {
    traceId() {
      const at = draw(TRACE_ID_WORDS)
      return new TraceId(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!)
    },
    spanId() {
      const at = draw(SPAN_ID_WORDS)
      return new SpanId(words[at]!, words[at + 1]!)
    },
  }
}

function wordOf(digits: string, index: number): number {
  return Number.parseInt(digits.slice(index * WORD_DIGITS, (index + 1) * WORD_DIGITS), HEX) | 0
}

/** Read from the device where there is one: loading `node:crypto` for the same bytes takes 2 ms on Node 20 and 9 on 26. */
function fillRandomly(pool: Buffer): void {
  try {
    const file = openSync(SYSTEM_RANDOM, 'r')
    try {
      if (readSync(file, pool) === pool.length) return
    } finally {
      closeSync(file)
    }
  } catch {
    // No such device here: Windows, or a very bare container.
  }
  const { randomFillSync } = process.getBuiltinModule('node:crypto')
  randomFillSync(pool)
}

/**
 * What crosses from the application thread to the export thread, and nothing else: finished spans, read as lines of JSON, and
 * one start message. What goes back are words of `control-block.ts`.
 */
import type { Config } from '../config/config.ts'

/** Values an attribute may have, as OpenTelemetry defines them (arrays are of one kind). */
export type AttributeValue = string | number | boolean | string[] | number[] | boolean[]

/** Where a span comes from: the built-in target, one configured by the user, or the user's own code. */
export type SpanOrigin = 'builtin' | 'configured' | 'code'

/** What was thrown, unfiltered; the export thread decides how much of it stays. */
export interface WireError {
  /** Class name, or `typeof` for what is not an error. */
  readonly type: string
  readonly message?: string
  readonly stack?: string
}

/** A finished span as it crosses the threads. Times are milliseconds since 1970 with fractions. */
export interface WireSpan {
  /** 32 hex digits. */
  readonly traceId: string
  /** 16 hex digits. */
  readonly spanId: string
  readonly parentSpanId?: string
  /** The parent is not one of the agent's own spans of this process. */
  readonly parentIsRemote?: true
  readonly name: string
  readonly start: number
  readonly end: number
  readonly origin: SpanOrigin
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** Present when the call failed. */
  readonly error?: WireError
  /** Errors recorded by the application's own code on a span that may still succeed. */
  readonly recorded?: readonly (WireError & { readonly at: number })[]
  /** Still open when the process ended. */
  readonly incomplete?: true
}

/** 16 hex digits as 32-bit words, signed or not. */
export interface SpanIdWords {
  readonly first: number
  readonly second: number
}

/** 32 hex digits, the same. */
export interface TraceIdWords extends SpanIdWords {
  readonly third: number
  readonly fourth: number
}

/** What only a span itself can say. All else is the same for all spans of a method, unless something was added to one. */
export interface PlainSpan {
  readonly traceId: TraceIdWords
  readonly id: SpanIdWords
  readonly parent: SpanIdWords | undefined
  readonly parentIsRemote: boolean
  /** Milliseconds since 1970 with fractions. */
  readonly startMs: number
  readonly endMs: number
}

/** Facts about the process that become resource attributes where the mode allows it. */
export interface ProcessFacts {
  /** `version` of the application's package.json. */
  readonly serviceVersion: string | undefined
  /** Such as `20.20.2`. */
  readonly nodeVersion: string
  /** Such as `linux`. */
  readonly osType: string
}

/** What the export thread is started with, as `workerData`. */
export interface ExportThreadInput {
  /** Memory of the span queue, see `queue-memory.ts`. */
  readonly queue: SharedArrayBuffer
  readonly config: Config
  readonly facts: ProcessFacts
  /** 8 hex digits that no other queue of this process has. */
  readonly queueId: string
  /** How many export threads have served this queue before. */
  readonly generation: number
}

/** What a destination allows. */
export type Mode = 'private' | 'public' | 'local'

/** What a thread that reads one trace back is started with, as `workerData`. */
export interface TraceReaderInput {
  readonly config: Config
  /** 32 hex digits. */
  readonly traceId: string
}

/** What the demo shows of a span. */
export interface DemoSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly name: string
  /** Milliseconds since 1970, with fractions. */
  readonly start: number
  readonly end: number
  /** Class of the error; undefined when the call succeeded. */
  readonly errorType: string | undefined
  /** The process ended first. */
  readonly incomplete: boolean
}

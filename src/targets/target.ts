import type { SpanOrigin } from '../transport/wire.ts'

/** A method that is traced, and how its spans look. */
export interface TargetMethod {
  readonly method: string
  readonly spanName: string
  readonly attributes: Readonly<Record<string, string>>
}

/** A class whose methods are traced wherever a matching module exports it. */
export interface Target {
  /** Whether a module is one of this target's. */
  matches(path: string): boolean
  /** The export that holds the class; the default export or the module itself count when they are it. */
  readonly exportName: string
  readonly origin: SpanOrigin
  readonly methods: readonly TargetMethod[]
}

import type { SpanOrigin } from '../transport/wire.ts'

/** A method that is traced, and how its spans look. */
export interface TargetMethod {
  readonly method: string
  readonly spanName: string
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  /** What it returns may say what it cost. */
  readonly linksCost?: boolean
}

/** A function that is looked for among the exports of an ES module. */
export interface WantedExport {
  /** Its name there. */
  readonly name: string
  /** The name of the target's method. */
  readonly key: string
  /** Path or URL of the module of the target, where that exports it again from this one. */
  readonly from?: string | undefined
}

/** A class whose methods are traced wherever a matching module exports it, or functions that it exports. */
export interface Target {
  /** As the user wrote it; undefined for the built-in target. */
  readonly label?: string
  /** Whether a loaded file is one of this target's; a path or a file URL. */
  matches(location: string): boolean
  /** The export that holds the class; the default export or the module itself count when they are it. Undefined: functions. */
  readonly exportName: string | undefined
  readonly origin: SpanOrigin
  /** `*`: all methods of the class. */
  readonly methods: '*' | readonly TargetMethod[]
  /** What modules of other targets export again from a file. */
  readonly exportedAgain?: readonly WantedExport[]
}

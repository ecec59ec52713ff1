import type { LogLevel } from '../shared/log.ts'

/** Where finished spans are sent. */
export const EXPORTERS = ['cloud-trace', 'otlp', 'local', 'console', 'none'] as const
/** One of {@link EXPORTERS}. */
export type ExporterName = (typeof EXPORTERS)[number]

/** Presets for the size and pace of requests. */
export const PROFILES = ['low-latency', 'balanced', 'high-throughput'] as const
/** One of {@link PROFILES}. */
export type Profile = (typeof PROFILES)[number]

/** How much of an error is recorded in private mode; each level includes the one before. */
export const ERROR_DETAILS = ['type', 'message', 'stack'] as const
/** One of {@link ERROR_DETAILS}. */
export type ErrorDetails = (typeof ERROR_DETAILS)[number]

/** Where the agent's own metrics go. */
export const METRICS = ['none', 'otlp', 'prometheus'] as const
/** One of {@link METRICS}. */
export type Metrics = (typeof METRICS)[number]

/** The environment, read once: every field is a row of the table in `env-table.ts`. Frozen. */
export interface Config {
  readonly disabled: boolean
  readonly zenProject: string | undefined
  readonly googleCloudProject: string | undefined
  readonly gcpProject: string | undefined
  readonly credentialsFile: string | undefined
  readonly serviceName: string
  /** Undefined: adaptive. */
  readonly sampleRate: number | undefined
  /** Sampled root spans a second; 0: no adaptation. Undefined: not set. */
  readonly targetRate: number | undefined
  /** Undefined: on in private mode. */
  readonly keepErrors: boolean | undefined
  readonly profile: Profile
  readonly batchSize: number
  readonly flushIntervalSeconds: number
  readonly queueSize: number
  readonly exportTimeoutSeconds: number
  readonly exitTimeoutSeconds: number
  readonly exporter: ExporterName
  /** URLs or `host:port`, in the order they are tried. Empty: Google's. */
  readonly endpoints: readonly string[]
  /** W3C trace context of the process that started this one. */
  readonly traceParent: string | undefined
  readonly traceState: string | undefined
  readonly methods: string | undefined
  readonly methodsFile: string | undefined
  readonly piiFilter: boolean
  readonly attributesAllow: readonly string[]
  readonly attributesDeny: readonly string[]
  readonly errorDetails: ErrorDetails
  readonly metrics: Metrics
  readonly directory: string | undefined
  readonly logLevel: LogLevel
  /** Absolute. Requests are written there instead of being sent. */
  readonly inspectFile: string | undefined
  readonly doNotTrack: boolean
  readonly sdkDisabled: boolean
}

import { LOG_LEVELS } from '../shared/log.ts'
import { type Config, ERROR_DETAILS, EXPORTERS, METRICS, PROFILES } from './config.ts'
import { endpoints } from './endpoint.ts'
import { type EnvValue, flag, list, number, oneOf, text, toggle, wholeNumber } from './env-value.ts'

/** One variable of the environment: how it is read, what holds without it, and what it means. */
export interface EnvRow<T> {
  readonly variable: string
  readonly value: EnvValue<NonNullable<T>>
  readonly fallback: T
  /** The default as the documentation shows it. */
  readonly shown: string
  readonly help: string
}

const SECONDS_MOST = 86_400

/**
 * Every variable the agent reads, in the order the documentation prints them. Configuration, warnings and the table in
 * README.md all come from here.
 */
export const ENV_TABLE: { readonly [K in keyof Config]: EnvRow<Config[K]> } = {
  disabled: {
    variable: 'ZEN_TELEMETRY_DISABLED',
    value: flag,
    fallback: false,
    shown: 'unset',
    help: '`true`, `1` or `yes` (any case): off. Set while the application runs: no further span is made, waiting ones are discarded',
  },
  zenProject: {
    variable: 'ZEN_GCP_PROJECT',
    value: text,
    fallback: undefined,
    shown: 'unset',
    help: 'Google Cloud project that receives the spans; the first of this and the next two that holds a valid project id',
  },
  googleCloudProject: {
    variable: 'GOOGLE_CLOUD_PROJECT',
    value: text,
    fallback: undefined,
    shown: 'unset',
    help: 'the same, second',
  },
  gcpProject: {
    variable: 'GCP_PROJECT',
    value: text,
    fallback: undefined,
    shown: 'unset',
    help: 'the same, third',
  },
  credentialsFile: {
    variable: 'GOOGLE_APPLICATION_CREDENTIALS',
    value: text,
    fallback: undefined,
    shown: 'unset',
    help: 'credentials file, as everywhere on Google Cloud',
  },
  serviceName: {
    variable: 'ZEN_SERVICE_NAME',
    value: text,
    fallback: 'zen-library',
    shown: '`zen-library`',
    help: '`service.name` of the spans',
  },
  sampleRate: {
    variable: 'ZEN_TELEMETRY_SAMPLE_RATE',
    value: number(0, 1),
    fallback: undefined,
    shown: '`0.1`, adaptive',
    help: 'share of root spans that is sampled, 0.0 to 1.0. Set: exactly that (an upper bound, if the next one is set too). Unset: starts at 0.1 and moves between 0.01 and 1.0',
  },
  targetRate: {
    variable: 'ZEN_TELEMETRY_TARGET_RATE',
    value: number(0, 1_000_000),
    fallback: undefined,
    shown: '`100`',
    help: 'sampled root spans a second that the adaptive sampler of a process aims at, all its threads together; 0: no adaptation',
  },
  keepErrors: {
    variable: 'ZEN_TELEMETRY_KEEP_ERRORS',
    value: toggle,
    fallback: undefined,
    shown: '`true` in private mode',
    help: 'a failed root call that was not sampled is recorded without descendants, at most 10 a second and process',
  },
  profile: {
    variable: 'ZEN_TELEMETRY_PROFILE',
    value: oneOf(PROFILES),
    fallback: 'balanced',
    shown: '`balanced`',
    help: '`low-latency` (100 spans a request, every second), `balanced`, `high-throughput` (1,024 spans a request)',
  },
  batchSize: {
    variable: 'ZEN_TELEMETRY_BATCH_SIZE',
    value: wholeNumber(1, 10_000),
    fallback: 512,
    shown: '`512`',
    help: 'most spans in one request',
  },
  flushIntervalSeconds: {
    variable: 'ZEN_TELEMETRY_FLUSH_INTERVAL',
    value: number(0.1, SECONDS_MOST),
    fallback: 5,
    shown: '`5`',
    help: 'seconds between requests',
  },
  queueSize: {
    variable: 'ZEN_TELEMETRY_QUEUE_SIZE',
    value: wholeNumber(1, 1_000_000),
    fallback: 2048,
    shown: '`2048`',
    help: 'most spans waiting on the application thread',
  },
  exportTimeoutSeconds: {
    variable: 'ZEN_TELEMETRY_EXPORT_TIMEOUT',
    value: number(0.1, SECONDS_MOST),
    fallback: 30,
    shown: '`30`',
    help: 'seconds for one request',
  },
  exitTimeoutSeconds: {
    variable: 'ZEN_TELEMETRY_EXIT_TIMEOUT',
    value: number(0, SECONDS_MOST),
    fallback: 2,
    shown: '`2`',
    help: 'seconds that process exit may wait for delivery; the rest stays in the journal',
  },
  exporter: {
    variable: 'ZEN_TELEMETRY_EXPORTER',
    value: oneOf(EXPORTERS),
    fallback: 'cloud-trace',
    shown: '`cloud-trace`',
    help: '`cloud-trace`, `otlp`, `local`, `none`, or `console`: what would be sent is printed to stderr, and not sent',
  },
  endpoints: {
    variable: 'ZEN_TELEMETRY_ENDPOINT',
    value: endpoints,
    fallback: [],
    shown: "Google's",
    help: 'one or more `host:port` or URLs, separated by commas, tried in order',
  },
  methods: {
    variable: 'ZEN_TELEMETRY_METHODS',
    value: text,
    fallback: undefined,
    shown: 'built in',
    help: 'more targets: `my-pkg#Worker[execute,close];./lib/jobs.js#Job[*]`',
  },
  methodsFile: {
    variable: 'ZEN_TELEMETRY_METHODS_FILE',
    value: text,
    fallback: undefined,
    shown: 'unset',
    help: 'the same from a JSON file',
  },
  piiFilter: {
    variable: 'ZEN_TELEMETRY_PII_FILTER',
    value: toggle,
    fallback: true,
    shown: '`on`',
    help: 'private mode: personal data and secrets are removed from names, values, messages and stacks',
  },
  attributesAllow: {
    variable: 'ZEN_TELEMETRY_ATTRIBUTES_ALLOW',
    value: list,
    fallback: [],
    shown: 'unset',
    help: 'private mode: globs; only matching attribute names are recorded',
  },
  attributesDeny: {
    variable: 'ZEN_TELEMETRY_ATTRIBUTES_DENY',
    value: list,
    fallback: [],
    shown: 'unset',
    help: 'private mode: globs; matching attribute names are never recorded',
  },
  errorDetails: {
    variable: 'ZEN_TELEMETRY_ERROR_DETAILS',
    value: oneOf(ERROR_DETAILS),
    fallback: 'stack',
    shown: '`stack`',
    help: 'private mode: how much of an error is recorded: `type`, `message`, `stack`',
  },
  metrics: {
    variable: 'ZEN_TELEMETRY_METRICS',
    value: oneOf(METRICS),
    fallback: 'none',
    shown: '`none`',
    help: "the agent's own metrics: `none`, `otlp`, `prometheus`",
  },
  directory: {
    variable: 'ZEN_TELEMETRY_DIR',
    value: text,
    fallback: undefined,
    shown: "the user's state folder",
    help: 'journal of undelivered spans, local traces and notices',
  },
  logLevel: {
    variable: 'ZEN_TELEMETRY_LOG_LEVEL',
    value: oneOf(LOG_LEVELS),
    fallback: 'warn',
    shown: '`warn`',
    help: '`none`, `error`, `warn`, `info`, `debug`; to stderr, one line each, prefix `[zen-telemetry]`',
  },
  inspectFile: {
    variable: 'ZEN_TELEMETRY_INSPECT_FILE',
    value: text,
    fallback: undefined,
    shown: 'unset',
    help: 'set by `zen-telemetry inspect`: requests are written to this file and not sent',
  },
  traceParent: {
    variable: 'TRACEPARENT',
    value: text,
    fallback: undefined,
    shown: 'unset',
    help: 'private and local mode: W3C trace context; roots of this process become children of that span',
  },
  traceState: {
    variable: 'TRACESTATE',
    value: text,
    fallback: undefined,
    shown: 'unset',
    help: 'the second half of it, which is passed on; the sampling rate of that trace is read from it (`ot=th:...`)',
  },
  doNotTrack: {
    variable: 'DO_NOT_TRACK',
    value: flag,
    fallback: false,
    shown: 'unset',
    help: 'honoured as off',
  },
  sdkDisabled: {
    variable: 'OTEL_SDK_DISABLED',
    value: flag,
    fallback: false,
    shown: 'unset',
    help: 'honoured as off',
  },
}

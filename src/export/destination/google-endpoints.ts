/** Where Cloud Trace takes spans over gRPC. */
export const CLOUD_TRACE_ENDPOINT = 'cloudtrace.googleapis.com:443'

/** Where the Telemetry API takes spans as OTLP. */
export const GOOGLE_OTLP_URL = 'https://telemetry.googleapis.com/v1/traces'

/** Where the Telemetry API takes metrics as OTLP. */
export const GOOGLE_OTLP_METRICS_URL = 'https://telemetry.googleapis.com/v1/metrics'

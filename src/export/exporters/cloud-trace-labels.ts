import { OT_VERSION, VERSION } from '@google-cloud/opentelemetry-cloud-trace-exporter/build/src/version.js'
import type { AttributeValue } from '@opentelemetry/api'
import type { SpanSource } from './span-source.ts'

/** Begins the names of labels that Cloud Trace itself reads. */
export const GOOGLE_LABELS: RegExp = /^g\.co\//
/** By what Google's exporter calls itself, and the monitored resource that it makes of a process of which no more is known. */
const LABELS = {
  'g.co/agent': `opentelemetry-js ${OT_VERSION}; google-cloud-trace-exporter ${VERSION}`,
  'g.co/r/generic_node/location': 'global',
  'g.co/r/generic_node/namespace': '',
  'g.co/r/generic_node/node_id': '',
}

/**
 * The attributes that Google's exporter gives every span of a process: itself, the resource, and the monitored resource.
 * They are written down here, as making them brings all of OpenTelemetry's names with it, some megabytes; a test compares.
 *
 * @param source the process
 * @param withGoogles whether the labels that Cloud Trace itself reads are among them
 */
export function cloudTraceLabels(
  { resource }: SpanSource,
  withGoogles: boolean,
): Readonly<Record<string, AttributeValue | undefined>> {
  return withGoogles ? { ...resource.attributes, ...LABELS } : resource.attributes
}

/** The names that Cloud Trace has for attributes of HTTP, as Google's exporter translates them. */
export const RENAMED: ReadonlyMap<string, string> = new Map([
  ['http.method', '/http/method'],
  ['http.url', '/http/url'],
  ['http.host', '/http/host'],
  ['http.scheme', '/http/client_protocol'],
  ['http.status_code', '/http/status_code'],
  ['http.user_agent', '/http/user_agent'],
  ['http.request_content_length', '/http/request/size'],
  ['http.response_content_length', '/http/response/size'],
  ['http.route', '/http/route'],
])

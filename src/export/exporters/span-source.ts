import { type InstrumentationScope, SDK_INFO } from '@opentelemetry/core'
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import { VERSION } from '../../shared/version.ts'
import type { WireSpan } from '../../transport/wire.ts'
import type { ResourceInput } from './exporter.ts'

const AGENT = '@zen/telemetry'

/** What the spans of one process have in common. */
export interface SpanSource {
  readonly resource: Resource
  readonly scope: InstrumentationScope
}

/** A span of another process, read back from the journal: with what its resource is made of. */
interface RecordedSpan extends WireSpan {
  readonly recordedBy?: Omit<ResourceInput, 'mode'>
}

/**
 * Says of each span where it is from: this process, or the one that recorded it and did not come to send it.
 *
 * @param input of this process
 * @param routing as for {@link spanSource}
 */
export function spanSources(
  input: ResourceInput,
  routing: Readonly<Record<string, string>> = {},
): (span: WireSpan) => SpanSource {
  const own = spanSource(input, routing)
  // Encoders put spans together whose resource is one object.
  let last: { readonly key: string; readonly source: SpanSource } | undefined
  return ({ recordedBy }: RecordedSpan) => {
    if (!recordedBy) return own
    const key = JSON.stringify(recordedBy)
    if (last?.key !== key) last = { key, source: spanSource({ mode: input.mode, ...recordedBy }, routing) }
    return last.source
  }
}

/**
 * Says which process and which agent the spans are from. In public mode that is the Node version and the type of the
 * operating system, and nothing else; host name, command line, paths and user name are in no mode.
 *
 * @param input mode, service and facts of the process
 * @param routing attributes the receiving service needs to find the place for the spans, such as `gcp.project_id`
 */
export function spanSource(input: ResourceInput, routing: Readonly<Record<string, string>> = {}): SpanSource {
  const { mode, serviceName, facts } = input
  const allowed = { 'process.runtime.version': facts.nodeVersion, 'os.type': facts.osType, ...routing }
  if (mode === 'public') return { resource: resourceFromAttributes(allowed), scope: { name: '' } }
  const resource = resourceFromAttributes({
    'service.name': serviceName,
    ...(facts.serviceVersion === undefined ? {} : { 'service.version': facts.serviceVersion }),
    ...SDK_INFO,
    'process.runtime.name': 'nodejs',
    'telemetry.distro.name': AGENT,
    'telemetry.distro.version': VERSION,
    ...allowed,
  })
  return { resource, scope: { name: AGENT, version: VERSION } }
}

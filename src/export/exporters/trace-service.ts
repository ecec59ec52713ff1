import { createSecureContext } from 'node:tls'
import * as grpc from '@grpc/grpc-js'
import { endpointUrl, isGoogleEndpoint } from '../../config/endpoint.ts'

/** The method of `google.devtools.cloudtrace.v2.TraceService` that the agent calls. */
export interface TraceService extends grpc.Client {
  BatchWriteSpans(
    request: Uint8Array,
    metadata: grpc.Metadata,
    options: grpc.CallOptions,
    done: (error: grpc.ServiceError | null) => void,
  ): grpc.ClientUnaryCall
}

type TraceServiceConstructor = new (
  target: string,
  credentials: grpc.ChannelCredentials,
  options: grpc.ChannelOptions,
) => TraceService

const PACKAGE = 'google.devtools.cloudtrace.v2'
/** The message that it takes. */
export const BATCH_TYPE: string = `${PACKAGE}.BatchWriteSpansRequest`
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' }

const CHANNEL_OPTIONS: grpc.ChannelOptions = {
  // Retrying is the business of the delivery room, which knows the journal and the exit.
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  // A pool of the process would remember the back-off of a connection that failed.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.client_idle_timeout_ms': 300_000,
}

let constructor: TraceServiceConstructor | undefined

/**
 * Opens a channel to a Cloud Trace v2 service; nothing is connected before the first call.
 *
 * @param endpoint `host:port` or a URL; `http` means no TLS
 * @param compress send gzip
 */
export function openTraceService(endpoint: string, compress: boolean): TraceService {
  // grpc-js says on the console what it also hands to the caller.
  grpc.setLogVerbosity(grpc.logVerbosity.NONE)
  constructor ??= loadService()
  const url = endpointUrl(endpoint) ?? new URL(`https://${endpoint}`)
  const options = compress
    ? { ...CHANNEL_OPTIONS, 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip }
    : CHANNEL_OPTIONS
  const target = `${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol]}`
  return new constructor(target, channelCredentials(url.protocol, endpoint), options)
}

function channelCredentials(protocol: string, endpoint: string): grpc.ChannelCredentials {
  if (protocol === 'http:') return grpc.credentials.createInsecure()
  const minVersion = isGoogleEndpoint(endpoint) ? 'TLSv1.3' : 'TLSv1.2'
  // With a context of our own the authorities are those of Node, `NODE_EXTRA_CA_CERTS` included.
  return grpc.ChannelCredentials.createFromSecureContext(createSecureContext({ minVersion }))
}

/**
 * The one method that is used. `@grpc/proto-loader` would describe every message of the file anew for reflection, which
 * takes longer than everything else here.
 */
function loadService(): TraceServiceConstructor {
  const method: grpc.MethodDefinition<Uint8Array, object> = {
    path: `/${PACKAGE}.TraceService/BatchWriteSpans`,
    requestStream: false,
    responseStream: false,
    requestSerialize: ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength),
    requestDeserialize: (bytes) => bytes,
    // The answer is an empty message.
    responseSerialize: () => Buffer.alloc(0),
    responseDeserialize: () => ({}),
  }
  return grpc.makeGenericClientConstructor(
    { BatchWriteSpans: method },
    'TraceService',
  ) as unknown as TraceServiceConstructor
}

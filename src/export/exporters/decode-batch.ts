import protobuf from 'protobufjs/light.js'
import protos from '@google-cloud/opentelemetry-cloud-trace-exporter/build/protos/protos.json' with { type: 'json' }
import { BATCH_TYPE } from './trace-service.ts'

/** What is in an encoded request, numbers of 64 bits as text. */
export function decodeBatch(bytes: Uint8Array): unknown {
  const type = protobuf.Root.fromJSON(protos).lookupType(BATCH_TYPE)
  return type.toObject(type.decode(bytes), { longs: String, enums: String })
}

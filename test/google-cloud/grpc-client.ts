import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import { loadSync, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader'
import type { GoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'

const includeDirs = [dirname(createRequire(import.meta.url).resolve('google-proto-files/package.json'))]
const NAME = 'google.devtools.cloudtrace.v2.TraceService'

export interface GrpcResult {
  code: number
  message: string
  metadata?: Metadata
}

/** Calls the Cloud Trace service by grpc-js, straight and without the exporter's own corrections. */
export async function batchWriteSpans(
  cloud: GoogleCloud,
  token: string | undefined,
  request: object,
  timeoutMs = 5000,
): Promise<GrpcResult> {
  const service = loadSync('google/devtools/cloudtrace/v2/tracing.proto', { includeDirs })[NAME]
  const method = (service as ServiceDefinition)['BatchWriteSpans'] as MethodDefinition<object, object>
  const address = new URL(cloud.urls.cloudTrace).host
  const client = new Client(address, credentials.createSsl(readFileSync(cloud.caFile)))
  const metadata = new Metadata()
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`)
  try {
    return await new Promise<GrpcResult>((resolve) => {
      client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        metadata,
        { deadline: Date.now() + timeoutMs },
        (error: ServiceError | null) =>
          resolve(
            error === null
              ? { code: 0, message: '' }
              : { code: error.code, message: error.details, metadata: error.metadata },
          ),
      )
    })
  } finally {
    client.close()
  }
}

/** A span the service accepts, to be spoilt by a test. */
export function goodSpan(projectId: string): Record<string, unknown> & { name: string } {
  const seconds = Math.floor(Date.now() / 1000)
  const [trace, span] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331']
  return {
    name: `projects/${projectId}/traces/${trace}/spans/${span}`,
    spanId: span,
    displayName: { value: 'good' },
    startTime: { seconds: seconds - 1 },
    endTime: { seconds },
  }
}

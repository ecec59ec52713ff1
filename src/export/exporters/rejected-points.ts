import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import type { HttpAnswer } from './http-post.ts'
import { PROTOBUF } from './otlp-sender.ts'

/**
 * What an accepted request with metrics says of points that were refused all the same.
 *
 * @returns undefined if all were taken
 */
export function rejectedPoints({ headers, body }: HttpAnswer): string | undefined {
  if (!String(headers['content-type']).startsWith(PROTOBUF)) return undefined
  try {
    const { partialSuccess } = ProtobufMetricsSerializer.deserializeResponse(body)
    const count = Number(partialSuccess?.rejectedDataPoints ?? 0)
    return count > 0
      ? `${count} points refused: ${partialSuccess?.errorMessage || 'no reason given'}`
      : undefined
  } catch {
    // They were taken; how the answer is written does not change that.
    return undefined
  }
}

const RETRY_INFO = 'google.rpc.RetryInfo'
const VARINT = 0
const LENGTH_DELIMITED = 2

type Fields = ReadonlyMap<number, readonly (Uint8Array | number)[]>

/** What a `google.rpc.Status` says, as far as it matters here. */
export interface RpcStatus {
  readonly message: string
  /** The pause of its `RetryInfo`, in milliseconds. */
  readonly retryAfterMs: number | undefined
}

/**
 * Reads an encoded `google.rpc.Status`, which gRPC has in the trailer `grpc-status-details-bin` and OTLP in the body of a
 * refusal. Throws nothing; what cannot be read counts as absent.
 *
 * @param encoded protobuf
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto
 */
export function readRpcStatus(encoded: Uint8Array): RpcStatus {
  try {
    const status = readFields(encoded)
    return { message: textOf(status, 2), retryAfterMs: retryInfo(status) }
  } catch {
    return { message: '', retryAfterMs: undefined }
  }
}

/**
 * Reads an encoded `google.rpc.RetryInfo`, as the trailer `google.rpc.retryinfo-bin` has it. Throws nothing.
 *
 * @param encoded protobuf
 * @returns milliseconds
 */
export function readRetryInfo(encoded: Uint8Array): number | undefined {
  try {
    const delay = readFields(encoded).get(1)?.[0]
    if (!(delay instanceof Uint8Array)) return undefined
    const duration = readFields(delay)
    return Math.max(0, Math.ceil(numberOf(duration, 1) * 1000 + numberOf(duration, 2) / 1e6))
  } catch {
    return undefined
  }
}

function retryInfo(status: Fields): number | undefined {
  for (const detail of status.get(3) ?? []) {
    if (!(detail instanceof Uint8Array)) continue
    const any = readFields(detail)
    const value = any.get(2)?.[0]
    if (textOf(any, 1).endsWith(RETRY_INFO) && value instanceof Uint8Array) return readRetryInfo(value)
  }
  return undefined
}

function textOf(fields: Fields, field: number): string {
  const value = fields.get(field)?.[0]
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : ''
}

function numberOf(fields: Fields, field: number): number {
  const value = fields.get(field)?.[0]
  return typeof value === 'number' ? value : 0
}

function readFields(bytes: Uint8Array): Fields {
  const fields = new Map<number, (Uint8Array | number)[]>()
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at]
      if (byte === undefined) throw new RangeError('the message ends inside a number')
      at += 1
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const wireType = tag % 8
    if (wireType !== VARINT && wireType !== LENGTH_DELIMITED) throw new RangeError(`wire type ${wireType}`)
    const number = varint()
    const value = wireType === VARINT ? number : bytes.subarray(at, (at += number))
    const field = Math.floor(tag / 8)
    fields.set(field, [...(fields.get(field) ?? []), value])
  }
  return fields
}

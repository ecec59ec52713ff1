import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import protobuf from 'protobufjs'

const PROTOS = dirname(createRequire(import.meta.url).resolve('google-proto-files/package.json'))
const FILES = [
  'google/monitoring/dashboard/v1/dashboard.proto',
  'google/monitoring/v3/alert.proto',
  'google/monitoring/v3/notification.proto',
]

const root = new protobuf.Root()
root.resolvePath = (_, target) => join(PROTOS, target)
root.loadSync(FILES)

/** Written in JSON as a text, a number or a truth value of their own. */
const WELL_KNOWN = /^\.?google\.protobuf\.(Duration|Timestamp|\w+Value|FieldMask)$/

/**
 * Checks JSON against a message of Google's: unknown fields, names of enums, and what should be a list or an object.
 *
 * @param type full name of the message
 * @param value parsed JSON
 * @returns what is wrong, one line each
 */
export function checkProtoJson(type: string, value: unknown): string[] {
  return checkMessage(root.lookupType(type), value, '')
}

function checkMessage(type: protobuf.Type, value: unknown, path: string): string[] {
  if (WELL_KNOWN.test(type.fullName)) return typeof value === 'object' ? [`${path}: not a plain value`] : []
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: not an object`]
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = path === '' ? key : `${path}.${key}`
    const field = type.fields[key]
    return field === undefined
      ? [`${at}: not a field of ${type.fullName.slice(1)}`]
      : checkField(field.resolve(), inner, at)
  })
}

function checkField(field: protobuf.Field, value: unknown, path: string): string[] {
  if (field.map) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? [] : [`${path}: not a map`]
  }
  if (!field.repeated) return checkValue(field, value, path)
  if (!Array.isArray(value)) return [`${path}: not a list`]
  return value.flatMap((item, index) => checkValue(field, item, `${path}[${index}]`))
}

function checkValue(field: protobuf.Field, value: unknown, path: string): string[] {
  const { resolvedType, type } = field
  if (resolvedType instanceof protobuf.Type) return checkMessage(resolvedType, value, path)
  if (resolvedType instanceof protobuf.Enum) {
    return typeof value === 'string' && value in resolvedType.values
      ? []
      : [`${path}: no value "${String(value)}"`]
  }
  const expected = type === 'string' || type === 'bytes' ? 'string' : type === 'bool' ? 'boolean' : 'number'
  return typeof value === expected ? [] : [`${path}: not a ${expected}`]
}

import type { MethodEntry, MethodsEntry, ParsedMethods } from './parse-methods.ts'

/**
 * Reads a longer list of targets: a JSON array of
 * `{ "module": "my-pkg", "class": "Worker", "methods": ["execute", { "name": "close", "span": "…", "attributes": {} }] }`,
 * or `"methods": "*"`.
 *
 * @param text content of the file
 * @returns entries, and what is wrong with the others by their place in the list
 * @throws {SyntaxError} if it is not JSON
 */
export function readMethodsFile(text: string): ParsedMethods {
  const content: unknown = JSON.parse(text)
  if (!Array.isArray(content)) return { entries: [], problems: ['it is not a list'] }
  const entries: MethodsEntry[] = []
  const problems: string[] = []
  for (const [index, item] of content.entries()) {
    const read = readEntry(item)
    if (typeof read === 'string') problems.push(`entry ${index + 1} ${read}`)
    else entries.push(read)
  }
  return { entries, problems }
}

function readEntry(item: unknown): MethodsEntry | string {
  const { module, class: className, methods } = asRecord(item)
  if (typeof module !== 'string' || module === '') return 'has no "module"'
  if (className !== undefined && typeof className !== 'string') return 'has a "class" that is no text'
  if (methods === '*')
    return className === undefined ? 'has "*" without a "class"' : { module, className, methods }
  if (!Array.isArray(methods) || methods.length === 0) return 'has no "methods"'
  const read = methods.map(readMethod)
  return read.every((method) => method !== undefined)
    ? { module, className, methods: read }
    : 'has a method without a name'
}

function readMethod(item: unknown): MethodEntry | undefined {
  if (typeof item === 'string' && item !== '') return { name: item }
  const { name, span, attributes } = asRecord(item)
  if (typeof name !== 'string' || name === '') return undefined
  return {
    name,
    ...(typeof span === 'string' && span !== '' && { spanName: span }),
    ...(attributes !== undefined && { attributes: staticAttributes(attributes) }),
  }
}

function staticAttributes(attributes: unknown): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(asRecord(attributes)).filter((entry): entry is [string, string | number | boolean] =>
      /^(string|number|boolean)$/.test(typeof entry[1]),
    ),
  )
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

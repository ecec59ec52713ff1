/** What is to be traced in one module. */
export interface MethodsEntry {
  /** A package with or without a sub-path, a file path that begins with `.` or `/`, or a file URL. */
  readonly module: string
  /** Undefined: functions that the module exports. */
  readonly className: string | undefined
  /** `*`: all methods of the class. */
  readonly methods: '*' | readonly MethodEntry[]
}

/** One method or function. */
export interface MethodEntry {
  readonly name: string
  readonly spanName?: string
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
}

/** What could be read, and what could not. */
export interface ParsedMethods {
  readonly entries: readonly MethodsEntry[]
  /** Each says what is wrong and where. */
  readonly problems: readonly string[]
}

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u
const SEPARATOR = ';'

/**
 * Reads the notation of `ZEN_TELEMETRY_METHODS`: `module#Class[method,method]`, with `[*]` for all methods and without a
 * class for exported functions, several separated by `;`. Entries that cannot be read are reported by their position,
 * the others are used.
 *
 * @param text the value of the variable
 */
export function parseMethods(text: string): ParsedMethods {
  const entries: MethodsEntry[] = []
  const problems: string[] = []
  let position = 0
  for (const part of text.split(SEPARATOR)) {
    const written = part.trim()
    const at = position + part.indexOf(written) + 1
    position += part.length + SEPARATOR.length
    if (written === '') continue
    const read = parseEntry(written)
    if (typeof read === 'string') problems.push(`"${written}" at position ${at}: ${read}`)
    else entries.push(read)
  }
  return { entries, problems }
}

/** An entry, or what is wrong with it. */
function parseEntry(written: string): MethodsEntry | string {
  const hash = written.lastIndexOf('#')
  if (hash <= 0) return 'a module and "#" are missing, as in my-pkg#Worker[execute]'
  const open = written.indexOf('[', hash)
  if (open < 0 || !written.endsWith(']')) return 'the methods are missing, as in my-pkg#Worker[execute]'
  const module = written.slice(0, hash).trim()
  const className = written.slice(hash + 1, open).trim() || undefined
  if (className !== undefined && !NAME.test(className)) return `"${className}" is not the name of a class`
  const names = written
    .slice(open + 1, -1)
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  if (names.length === 0) return 'there is no method between the brackets'
  if (names.includes('*')) {
    if (className === undefined) return '"*" needs a class; name the functions instead'
    return { module, className, methods: '*' }
  }
  const wrong = names.find((name) => !NAME.test(name))
  if (wrong !== undefined) return `"${wrong}" is not the name of a method`
  return { module, className, methods: names.map((name) => ({ name })) }
}

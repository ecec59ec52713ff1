import Module from 'node:module'

/**
 * Parses what is called TypeScript. It may be JavaScript already, made by another loader; if not, types become blanks, as
 * when Node runs the module. Node finds nothing to do then.
 *
 * @param source of the module
 * @param parse throws if it is not JavaScript
 * @throws what `parse` does, or Node for syntax that is more than types
 */
export function withoutTypes<T>(source: string, parse: (javascript: string) => T): T {
  try {
    return parse(source)
  } catch (error) {
    const { stripTypeScriptTypes } = Module as { stripTypeScriptTypes?: (source: string) => string }
    if (!stripTypeScriptTypes) throw error
    return parse(withoutWarning(() => stripTypeScriptTypes(source)))
  }
}

/** Node would warn the user of a function that the application does not call. */
function withoutWarning<T>(act: () => T): T {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return act()
  } finally {
    process.emitWarning = emitWarning
  }
}

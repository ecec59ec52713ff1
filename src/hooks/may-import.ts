/** Behind either word, what a binding, a star or a string can follow; not the `(` or `.` of an expression. */
const STATEMENT =
  /(?:import(?=[\s"'{*/])|export(?=\s*[{*/]))(?<=(?:^|[;})\n\r\u2028\u2029]|\*\/)\s*(?:im|ex)port)/

/**
 * Whether a source may hold a statement that imports another module: true for each that does, and for a few that do
 * not. A statement begins the source, or stands behind a semicolon, a bracket, a comment or the end of a line; the
 * words themselves cannot be escaped.
 *
 * @param source JavaScript or TypeScript
 * @see https://tc39.es/ecma262/#prod-ImportDeclaration
 */
export function mayImport(source: string): boolean {
  return STATEMENT.test(source)
}

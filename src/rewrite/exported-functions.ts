import { type AnonymousFunctionDeclaration, type AnyNode, type Program, tokenizer } from 'acorn'
import type { WantedExport } from '../targets/target.ts'
import { isFunction, tracedFunction } from './function-site.ts'
import { HELPER, type Insertion } from './traced-calls.ts'

const DEFAULT_NAME = '__zenTelemetryDefault'

/**
 * Finds functions that an ES module exports. Declarations are there before the module has begun, so they are replaced by
 * assignment at its beginning, which every importer sees; expressions where they are evaluated.
 *
 * @param program which is searched
 * @param source its text
 * @param wanted names of exports; a default export counts under the name of its function too
 */
export function exportedFunctions(
  program: Program,
  source: string,
  wanted: readonly WantedExport[],
): Insertion[] {
  const names = exportsByLocal(program)
  const insertions: Insertion[] = []
  const declared: string[] = []

  function wantedOf(local: string): WantedExport | undefined {
    const exported = names.get(local) ?? []
    const found = wanted.find(({ name }) => exported.includes(name))
    if (found || !exported.includes('default') || [...names.values()].flat().includes(local)) return found
    return wanted.find(({ name }) => name === local)
  }

  function visit(node: AnyNode | AnonymousFunctionDeclaration): void {
    if (node.type === 'ExportNamedDeclaration' && node.declaration) visit(node.declaration)
    if (node.type === 'ExportDefaultDeclaration') visitDefault(node.declaration)
    if (node.type === 'FunctionDeclaration' && node.id) visitDeclaration(node.id.name)
    if (node.type === 'VariableDeclaration') {
      for (const { id, init } of node.declarations) if (id.type === 'Identifier') visitValue(id.name, init)
    }
    if (node.type === 'ExpressionStatement' && node.expression.type === 'AssignmentExpression') {
      const { operator, left, right } = node.expression
      if (operator === '=' && left.type === 'Identifier') visitValue(left.name, right)
    }
  }

  function visitDeclaration(local: string): void {
    const found = wantedOf(local)
    if (found) declared.push(`${local}=${HELPER}(${holderOf(found)},${JSON.stringify(found.key)},${local});`)
  }

  function visitValue(local: string, value: AnyNode | null | undefined): void {
    const found = wantedOf(local)
    if (found && isFunction(value))
      insertions.push(...tracedFunction(value, holderOf(found), found.key, local))
  }

  function visitDefault(node: AnyNode | AnonymousFunctionDeclaration): void {
    if (node.type === 'FunctionDeclaration') {
      if (node.id) return visit(node)
      const found = wanted.find(({ name }) => name === 'default')
      if (!found) return
      // Nothing else can name it, and it has to stay a declaration, which circular imports may call.
      insertions.push({ at: nameOf(node, source), text: ` ${DEFAULT_NAME}` })
      declared.push(
        `Object.defineProperty(${DEFAULT_NAME},"name",{value:"default",configurable:true});`,
        `${DEFAULT_NAME}=${HELPER}(${holderOf(found)},${JSON.stringify(found.key)},${DEFAULT_NAME});`,
      )
    } else if (isFunction(node)) {
      const own = node.type === 'FunctionExpression' ? node.id?.name : undefined
      const found = wanted.find(({ name }) => name === 'default') ?? wanted.find(({ name }) => name === own)
      if (found) insertions.push(...tracedFunction(node, holderOf(found), found.key, 'default'))
    }
  }

  for (const statement of program.body) visit(statement)
  if (declared.length === 0) return insertions
  return [{ at: startOf(program), text: declared.join('') }, ...insertions]
}

/** Names under which each variable of an ES module is exported. */
export function exportsByLocal(program: Program): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>()
  const add = (local: string, exported: string): void => {
    names.set(local, [...(names.get(local) ?? []), exported])
  }
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement
      if (declaration.type === 'Identifier') add(declaration.name, 'default')
      if (declaration.type === 'FunctionDeclaration' && declaration.id) add(declaration.id.name, 'default')
    }
    if (statement.type !== 'ExportNamedDeclaration' || statement.source) continue
    for (const { local, exported } of statement.specifiers) add(textOf(local), textOf(exported))
    const { declaration } = statement
    if (declaration?.type === 'FunctionDeclaration') add(declaration.id.name, declaration.id.name)
    if (declaration?.type === 'VariableDeclaration') {
      for (const { id } of declaration.declarations) if (id.type === 'Identifier') add(id.name, id.name)
    }
  }
  return names
}

/** The name of an import or export. */
export function textOf(node: {
  readonly type: string
  readonly name?: string
  readonly value?: unknown
}): string {
  return node.name ?? String(node.value)
}

/** What the agent is to look the function up by, instead of an object that holds it. */
function holderOf({ from }: WantedExport): string {
  return from === undefined ? 'null' : JSON.stringify(from)
}

/** Behind hashbang and directives. */
function startOf({ body }: Program): number {
  const first = body.find((statement) => !('directive' in statement))
  return first?.start ?? body.at(-1)?.end ?? 0
}

/** Where the name of a function declaration without one would stand: before its parameters. */
function nameOf(node: AnonymousFunctionDeclaration, source: string): number {
  for (const { start, type } of tokenizer(source.slice(node.start), { ecmaVersion: 'latest' })) {
    if (type.label === '(') return node.start + start
  }
  throw new SyntaxError('a function without parameters')
}

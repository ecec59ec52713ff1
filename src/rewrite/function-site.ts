import type { AnyNode, ArrowFunctionExpression, CallExpression, FunctionExpression } from 'acorn'
import { HELPER, type Insertion } from './traced-calls.ts'

type FunctionText = FunctionExpression | ArrowFunctionExpression | CallExpression

/** Whether an expression is the text of a function, or what esbuild makes of it to keep its name: `__name(…, "work")`. */
export function isFunction(node: AnyNode | null | undefined): node is FunctionText {
  if (node?.type !== 'CallExpression') {
    return node?.type === 'FunctionExpression' || node?.type === 'ArrowFunctionExpression'
  }
  const { callee, arguments: given } = node
  return callee.type === 'Identifier' && callee.name === '__name' && isFunction(given[0])
}

/**
 * Hands a function expression to the agent where it is evaluated.
 *
 * @param node the function
 * @param holder what gets the function as a member, as text; `null` for what a module exports
 * @param key under which it is looked for
 * @param name which the language gives it there if it has none of its own, such as that of the field; without it, none
 */
export function tracedFunction(node: FunctionText, holder: string, key: string, name?: string): Insertion[] {
  const isNameless =
    node.type === 'ArrowFunctionExpression' || (node.type === 'FunctionExpression' && node.id == null)
  const quoted = JSON.stringify(name)
  // An argument of a call gets no name; a property of an object does.
  const [open, close] = name !== undefined && isNameless ? [`{${quoted}:`, `}[${quoted}]`] : ['', '']
  return [
    { at: node.start, text: `${HELPER}(${holder},${JSON.stringify(key)},${open}` },
    { at: node.end, text: `${close})` },
  ]
}

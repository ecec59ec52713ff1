import type { AnyNode, CallExpression, Expression, MemberExpression, PrivateIdentifier, Program } from 'acorn'
import { simple } from 'acorn-walk'
import type { WantedFunctions } from '../targets/wanted-functions.ts'
import { isFunction, tracedFunction } from './function-site.ts'
import type { Insertion } from './traced-calls.ts'

/** How compilers write the definition of a field: `_defineProperty(this, "work", …)`, `__publicField(…)`. */
const DEFINES = /define_?property|publicfield/i
const ASSIGNS = new Set(['=', '||=', '&&=', '??='])
const EXPORTS = new Set(['exports', 'module'])

/**
 * Finds functions that objects get as members of their own: in fields of classes, by assignment to `this` or a variable,
 * and by the calls that compilers make of fields. Whether an object is one of a class that is traced is only known
 * when it is made, so the object is handed over as well.
 *
 * @param program which is searched
 * @param source its text
 * @param wanted names of members
 */
export function memberFunctions(
  program: Program,
  source: string,
  wanted: WantedFunctions['members'],
): Insertion[] {
  const insertions: Insertion[] = []

  function add(holder: string | undefined, key: string | undefined, value: AnyNode, name?: string): void {
    if (holder === undefined || key === undefined || !isFunction(value)) return
    if (wanted === '*' || wanted.includes(key)) insertions.push(...tracedFunction(value, holder, key, name))
  }

  simple(program, {
    PropertyDefinition({ static: isStatic, key, computed, value }) {
      const name = nameOf(key, computed)
      if (!isStatic && value) add('this', name, value, name)
    },
    AssignmentExpression({ operator, left, right }) {
      if (ASSIGNS.has(operator) && left.type === 'MemberExpression')
        add(holderOf(left.object), memberName(left), right)
    },
    CallExpression(call) {
      const [holder, key, value] = call.arguments
      if (!holder || !key || !value || !DEFINES.test(calleeOf(call, source))) return
      const place = [holderOf(holder), nameOf(key, true)] as const
      if (value.type !== 'ObjectExpression') return add(...place, value)
      for (const property of value.properties) {
        if (property.type !== 'Property' || property.method || property.kind !== 'init') continue
        if (nameOf(property.key, property.computed) === 'value') add(...place, property.value, 'value')
      }
    },
  })
  return insertions
}

/** Evaluated a second time, it must do nothing. */
function holderOf(node: AnyNode): string | undefined {
  if (node.type === 'ThisExpression') return 'this'
  return node.type === 'Identifier' && !EXPORTS.has(node.name) ? node.name : undefined
}

function memberName({ property, computed }: MemberExpression): string | undefined {
  return nameOf(property, computed)
}

/** In an object literal `__proto__` is no property. */
function nameOf(key: Expression | PrivateIdentifier | AnyNode, computed: boolean): string | undefined {
  const name =
    key.type === 'Identifier' && !computed ? key.name : key.type === 'Literal' ? key.value : undefined
  return typeof name === 'string' && name !== '__proto__' ? name : undefined
}

function calleeOf({ callee }: CallExpression, source: string): string {
  return source.slice(callee.start, callee.end)
}

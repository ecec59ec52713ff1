import type { Target } from '../targets/target.ts'
import type { AttributeValue } from '../transport/wire.ts'
import { isPatched, patchMethod, type Undo } from './patch-method.ts'
import type { TracedCall } from './traced-call.ts'

type Class = { readonly name: string; readonly prototype: object }

/** What came of looking through the exports of a module. */
export interface PatchResult {
  /** Span names of the methods that were patched. */
  readonly patched: readonly string[]
  /** Methods that were found but cannot be changed. */
  readonly left: readonly string[]
  readonly undo: Undo
}

/**
 * Patches the class of a target where a module exports it: in place, so that everybody who holds the class has it.
 *
 * @param exports `module.exports`, or the namespace of an ES module
 * @param target which export, which methods
 * @param attributes added to those of each method
 * @param tracedCall makes the spans
 * @returns undefined if the class is not among the exports
 */
export function patchExports(
  exports: unknown,
  target: Target,
  attributes: Readonly<Record<string, AttributeValue>>,
  tracedCall: TracedCall,
): PatchResult | undefined {
  const found = findClass(exports, target)
  if (!found) return undefined
  const patched: string[] = []
  const left: string[] = []
  const undos: Undo[] = []
  for (const { method, spanName, attributes: own } of target.methods) {
    const owner = ownerOf(found.prototype, method)
    if (!owner) continue
    const template = { name: spanName, origin: target.origin, attributes: { ...own, ...attributes } }
    const undo = patchMethod(owner, method, template, tracedCall)
    if (undo) undos.push(undo)
    if (undo) patched.push(spanName)
    else if (!isPatched(Reflect.getOwnPropertyDescriptor(owner, method)?.value)) left.push(method)
  }
  return { patched, left, undo: () => undos.forEach((undo) => undo()) }
}

/** The named export, else the default export, else the module itself, `default.default` of compiled modules included. */
function findClass(exports: unknown, target: Target): Class | undefined {
  const named = read(exports, target.exportName)
  if (isClass(named)) return named
  const byDefault = read(exports, 'default')
  const candidates = [read(byDefault, target.exportName), byDefault, read(byDefault, 'default'), exports]
  return candidates.find((candidate): candidate is Class => isClass(candidate) && isMeant(candidate, target))
}

/** A class that is exported without the name counts when it bears the name, or has a method only this class has. */
function isMeant(candidate: Class, target: Target): boolean {
  if (candidate.name === target.exportName) return true
  return target.methods.filter(({ method }) => ownerOf(candidate.prototype, method)).length > 1
}

function isClass(value: unknown): value is Class {
  return typeof value === 'function' && typeof (value as { prototype?: unknown }).prototype === 'object'
}

function read(from: unknown, key: string): unknown {
  if ((typeof from !== 'object' && typeof from !== 'function') || from === null) return undefined
  try {
    return (from as Record<string, unknown>)[key]
  } catch {
    // A binding in its temporal dead zone, or a getter that throws.
    return undefined
  }
}

/** The object on the prototype chain that holds a method itself; built-in prototypes are never touched. */
function ownerOf(prototype: object, method: string): object | undefined {
  for (
    let at: object | null = prototype;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    if (Object.hasOwn(at, method)) return at
  }
  return undefined
}

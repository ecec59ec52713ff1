import { isProxy } from 'node:util/types'
import type { Target, TargetMethod } from '../targets/target.ts'
import type { SpanTemplate } from '../tracing/span-template.ts'
import type { AttributeValue } from '../transport/wire.ts'
import { isTraced, patchMethod, type Undo } from './patch-method.ts'
import type { TracedCall } from './traced-call.ts'

type Class = { readonly name: string; readonly prototype: object }

/** What came of looking through the exports of a module. */
export interface PatchResult {
  /** Span names of the methods that were patched. */
  readonly patched: readonly string[]
  /** Methods that were found but cannot be changed. */
  readonly left: readonly string[]
  /** Of the class of the target. */
  readonly prototype: object | undefined
  readonly undo: Undo
}

/** Where a member is, and how its spans look. */
interface Place {
  readonly owner: object
  readonly method: TargetMethod
}

/**
 * Patches what a target names where a module exports it: methods of a class in place, so that everybody who holds the
 * class has them; functions on the exports themselves, which those of an ES module do not allow.
 *
 * @param exports `module.exports`, or the namespace of an ES module
 * @param target which export, which methods
 * @param attributesOf asked where something is found, for what is added to the attributes of each method
 * @param tracedCall makes the spans
 * @returns undefined if nothing of the target is among the exports
 */
export function patchExports(
  exports: unknown,
  target: Target,
  attributesOf: () => Readonly<Record<string, AttributeValue>>,
  tracedCall: TracedCall,
): PatchResult | undefined {
  const found = target.exportName === undefined ? undefined : findClass(exports, target)
  const places = found ? methodPlaces(found, target) : functionPlaces(exports, target)
  if (!places) return undefined
  const attributes = attributesOf()
  const patched: string[] = []
  const left: string[] = []
  const undos: Undo[] = []
  for (const { owner, method } of places) {
    const undo = patchMethod(owner, method.method, spanTemplate(target, method, attributes), tracedCall)
    if (undo) undos.push(undo)
    if (undo) patched.push(method.spanName)
    else if (!isTraced(owner, method.method)) left.push(method.method)
  }
  return { patched, left, prototype: found?.prototype, undo: () => undos.forEach((undo) => undo()) }
}

/** What the spans of a method have in common. */
export function spanTemplate(
  target: Target,
  method: TargetMethod,
  attributes: Readonly<Record<string, AttributeValue>>,
): SpanTemplate {
  return {
    name: method.spanName,
    origin: target.origin,
    attributes: { ...method.attributes, ...attributes },
    ...(method.linksCost && { linksCost: true }),
  }
}

function methodPlaces(found: Class, target: Target): readonly Place[] {
  if (target.methods === '*') return allMethods(found, target.exportName ?? found.name)
  return target.methods.flatMap((method) => {
    const owner = ownerOf(found.prototype, method.method) ?? ownerOf(found, method.method)
    return owner ? [{ owner, method }] : []
  })
}

/** Of the class itself too, but for classes that are kept there: they have to stay what they are. */
function allMethods(found: Class, className: string): Place[] {
  return [found.prototype, found].flatMap((owner) =>
    Object.entries(Object.getOwnPropertyDescriptors(owner)).flatMap(([name, { value }]) =>
      typeof value === 'function' && name !== 'constructor' && !isClassWithMembers(value)
        ? [{ owner, method: { method: name, spanName: `${className}.${name}`, attributes: {} } }]
        : [],
    ),
  )
}

/** A class, or a constructor function that has methods. */
function isClassWithMembers(value: object): boolean {
  const { value: prototype, writable } = Reflect.getOwnPropertyDescriptor(value, 'prototype') ?? {}
  if (typeof prototype !== 'object' || prototype === null) return false
  return writable === false || Reflect.ownKeys(prototype as object).length > 1
}

/** Functions stand on the exports, or on the default export of a module that was compiled from one. */
function functionPlaces(exports: unknown, target: Target): readonly Place[] | undefined {
  if (target.methods === '*' || target.exportName !== undefined) return undefined
  const places = target.methods.flatMap((method) => {
    const owner = [exports, read(exports, 'default')].find(
      (at) => typeof read(at, method.method) === 'function',
    )
    return owner === undefined ? [] : [{ owner: owner as object, method }]
  })
  return places.length > 0 ? places : undefined
}

/** The named export, else the default export, else the module itself, `default.default` of compiled modules included. */
function findClass(exports: unknown, target: Target): Class | undefined {
  const name = target.exportName ?? ''
  const named = read(exports, name)
  if (isClass(named)) return named
  const byDefault = read(exports, 'default')
  const candidates = [read(byDefault, name), byDefault, read(byDefault, 'default'), exports]
  return candidates.find((candidate): candidate is Class => isClass(candidate) && isMeant(candidate, target))
}

/** A class that is exported without the name counts when it bears the name, or has methods only this class has. */
function isMeant(candidate: Class, { exportName, methods }: Target): boolean {
  if (candidate.name === exportName) return true
  if (methods === '*') return candidate.name === ''
  return methods.filter(({ method }) => ownerOf(candidate.prototype, method)).length > 1
}

function isClass(value: unknown): value is Class {
  return typeof value === 'function' && typeof (value as { prototype?: unknown }).prototype === 'object'
}

function read(from: unknown, key: string): unknown {
  if ((typeof from !== 'object' && typeof from !== 'function') || from === null) return undefined
  // As long as a module of a circular import is loading, Node warns of each name it asks for in vain.
  if (!Object.hasOwn(from, key) && isProxy(Object.getPrototypeOf(from))) return undefined
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
    at !== null && at !== Object.prototype && at !== Function.prototype;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    if (Object.hasOwn(at, method)) return at
  }
  return undefined
}

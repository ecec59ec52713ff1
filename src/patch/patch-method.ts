import type { SpanTemplate } from '../tracing/span-template.ts'
import type { TracedCall } from './traced-call.ts'

type AnyFunction = (...args: unknown[]) => unknown

/** Undoes a patch, if it is still the outermost one. */
export type Undo = () => void

const ORIGINALS = new WeakMap<object, AnyFunction>()
/** By owner. Somebody else may have put a wrapper around ours since. */
const PATCHED = new WeakMap<object, Set<PropertyKey>>()

/**
 * Replaces a method by one that is traced and looks the same: name, length, prototype, own properties, descriptor, and
 * whether it can be constructed.
 *
 * @param owner the object that holds the method itself, usually a prototype
 * @param key its name
 * @param template what its spans have in common
 * @param tracedCall makes the spans
 * @returns how to undo it; undefined if the member is no method, cannot be changed, or is patched already
 */
export function patchMethod(
  owner: object,
  key: PropertyKey,
  template: SpanTemplate,
  tracedCall: TracedCall,
): Undo | undefined {
  const descriptor = Reflect.getOwnPropertyDescriptor(owner, key)
  const original: unknown = descriptor?.value
  if (typeof original !== 'function' || isTraced(owner, key)) return undefined
  if (descriptor?.configurable === false && descriptor.writable === false) return undefined
  const wrapper = wrapFunction(original as AnyFunction, template, tracedCall)
  if (!Reflect.defineProperty(owner, key, { ...descriptor, value: wrapper })) return undefined
  const keys = PATCHED.get(owner) ?? new Set()
  PATCHED.set(owner, keys.add(key))
  return () => {
    keys.delete(key)
    const current = Reflect.getOwnPropertyDescriptor(owner, key)
    if (current?.value === wrapper) Reflect.defineProperty(owner, key, { ...current, value: original })
  }
}

/** Whether a function is one of our wrappers. */
export function isPatched(value: unknown): boolean {
  return typeof value === 'function' && ORIGINALS.has(value)
}

/** Whether a member is traced already: by one of our wrappers, or by anything that was put around it. */
export function isTraced(owner: object, key: PropertyKey): boolean {
  if (PATCHED.get(owner)?.has(key) === true) return true
  return isPatched(Reflect.getOwnPropertyDescriptor(owner, key)?.value)
}

/** Makes a function that is traced and looks like the original; one that is traced already is returned as it is. */
export function wrapFunction(
  original: AnyFunction,
  template: SpanTemplate,
  tracedCall: TracedCall,
): AnyFunction {
  if (ORIGINALS.has(original)) return original
  const wrapper = isConstructor(original)
    ? constructibleWrapper(original, template, tracedCall)
    : methodWrapper(original, template, tracedCall)
  Object.setPrototypeOf(wrapper, Object.getPrototypeOf(original) as object | null)
  for (const key of Reflect.ownKeys(wrapper)) {
    if (!Object.hasOwn(original, key)) Reflect.deleteProperty(wrapper, key)
  }
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(original, key)
    if (descriptor) Reflect.defineProperty(wrapper, key, descriptor)
  }
  ORIGINALS.set(wrapper, original)
  return wrapper
}

/** Methods of a class cannot be constructed and have no `prototype`; a method in an object literal is the same. */
function methodWrapper(original: AnyFunction, template: SpanTemplate, tracedCall: TracedCall): AnyFunction {
  return {
    method(this: unknown, ...args: unknown[]) {
      return tracedCall(template, original, this, args)
    },
  }.method
}

function constructibleWrapper(
  original: AnyFunction,
  template: SpanTemplate,
  tracedCall: TracedCall,
): AnyFunction {
  return function method(this: unknown, ...args: unknown[]): unknown {
    if (new.target === undefined) return tracedCall(template, original, this, args)
    return Reflect.construct(original, args, new.target === method ? original : new.target) as unknown
  }
}

/** A plain `function`: writable `prototype`, whereas that of a generator exists but cannot be constructed. */
function isConstructor(original: AnyFunction): boolean {
  if (!Object.hasOwn(original, 'prototype')) return false
  try {
    Reflect.construct(Object, [], original)
    return true
  } catch {
    return false
  }
}

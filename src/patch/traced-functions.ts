import { fileURLToPath } from 'node:url'
import type { Target, TargetMethod } from '../targets/target.ts'
import type { SpanTemplate } from '../tracing/tracer.ts'
import { rememberShifts } from './original-column.ts'
import { wrapFunction } from './patch-method.ts'
import type { TracedCall } from './traced-call.ts'
import { printWhenUncaught } from './uncaught-source-line.ts'

type AnyFunction = (...args: unknown[]) => unknown

/** What a rewritten source hands over; the last says where its text was moved, see `rememberShifts`. */
export type HandedOver = readonly [
  location: string,
  holder: object | null,
  key: string,
  original: AnyFunction,
  shifts: string,
]

/** Traces functions that rewritten sources hand over as they come into being. */
export interface TracedFunctions {
  /** A class of a target was found among the exports of a module. */
  found(target: Target, prototype: object): void
  /**
   * The traced function for one that an object gets as a member, or that a module exports (then there is no holder); the
   * original if it is none of a target's.
   */
  trace(...handed: HandedOver): AnyFunction
}

/** What is known of a module, so that an instance costs little. */
interface Place {
  readonly path: string
  readonly targets: readonly {
    readonly target: Target
    readonly templates: Map<string, SpanTemplate | undefined>
  }[]
}

/**
 * Makes what {@link TracedFunctions} says.
 *
 * @param targets of this process
 * @param templateOf what the spans of a method have in common, in a module at a path
 * @param onTraced told once for each target and name in a module
 * @param tracedCall makes the spans
 */
export function createTracedFunctions(
  targets: readonly Target[],
  templateOf: (target: Target, method: TargetMethod, path: string) => SpanTemplate,
  onTraced: (target: Target, spanName: string, path: string) => void,
  tracedCall: TracedCall,
): TracedFunctions {
  const prototypes = new Map<Target, WeakSet<object>>()
  const places = new Map<string, Place>()

  function placeOf(location: string, shifts: string): Place {
    let place = places.get(location)
    if (place) return place
    const path = location.startsWith('file:') ? fileURLToPath(location) : location
    rememberShifts(path, shifts)
    printWhenUncaught()
    const matching = targets.filter(({ matches }) => matches(location))
    place = { path, targets: matching.map((target) => ({ target, templates: new Map() })) }
    places.set(location, place)
    return place
  }

  function isMeant(target: Target, holder: object | null): boolean {
    if (holder === null || target.exportName === undefined)
      return (holder === null) === (target.exportName === undefined)
    const known = prototypes.get(target)
    let at = Object.getPrototypeOf(holder) as object | null
    for (; at !== null; at = Object.getPrototypeOf(at) as object | null) {
      if (known?.has(at) === true || nameOfClass(at) === target.exportName) return true
    }
    return false
  }

  function newTemplate(target: Target, key: string, path: string): SpanTemplate | undefined {
    const method = methodOf(target, key)
    if (!method) return undefined
    onTraced(target, method.spanName, path)
    return templateOf(target, method, path)
  }

  return {
    found(target, prototype) {
      const known = prototypes.get(target) ?? new WeakSet()
      prototypes.set(target, known.add(prototype))
    },
    trace(location, holder, key, original, shifts) {
      const { path, targets: matching } = placeOf(location, shifts)
      for (const { target, templates } of matching) {
        if (!isMeant(target, holder)) continue
        if (!templates.has(key)) templates.set(key, newTemplate(target, key, path))
        const template = templates.get(key)
        if (template) return wrapFunction(original, template, tracedCall)
      }
      return original
    },
  }
}

/** Its instances may be made before the module has exported it. Getters are not asked. */
function nameOfClass(prototype: object): unknown {
  const constructor: unknown = Reflect.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  return typeof constructor === 'function'
    ? Reflect.getOwnPropertyDescriptor(constructor, 'name')?.value
    : undefined
}

function methodOf({ exportName, methods }: Target, key: string): TargetMethod | undefined {
  if (methods === '*') return { method: key, spanName: `${exportName}.${key}`, attributes: {} }
  return methods.find(({ method }) => method === key)
}

/** Tells of a module that a runner has loaded, as the other hooks do. */
type OnLoaded = (exports: unknown, path: string) => void
type AnyFunction = (this: unknown, ...args: unknown[]) => unknown

/**
 * Watches the modules that such a runner loads, once the file that does it has been loaded itself.
 *
 * @param exports of that file
 * @param isTarget a cheap test of a module's path
 * @param onLoaded called with the exports of a target after it has run
 */
export function hookModuleRunner(
  exports: unknown,
  isTarget: (path: string) => boolean,
  onLoaded: OnLoaded,
): void {
  const classes = exports as Readonly<Record<string, { readonly prototype?: object } | undefined>>
  const { default: runtime, VitestModuleEvaluator, ESModulesEvaluator } = classes
  for (const evaluator of [VitestModuleEvaluator, ESModulesEvaluator]) {
    if (evaluator?.prototype) hookEvaluator(evaluator.prototype, isTarget, onLoaded)
  }
  if (!runtime?.prototype) return
  if ('_execModule' in runtime.prototype) hookJestModules(runtime.prototype, isTarget, onLoaded)
  else hookCompiledFunctions(isTarget, onLoaded)
}

/** Vite hands the code of a module, its exports and its `import.meta` to one method. */
function hookEvaluator(prototype: object, isTarget: (path: string) => boolean, onLoaded: OnLoaded): void {
  replace(prototype, 'runInlinedModule', (original) => {
    return async function runInlinedModule(this: unknown, ...args: unknown[]) {
      const result = await original.apply(this, args)
      const context = args[0] as Readonly<Record<string, unknown>>
      const { filename } = context['__vite_ssr_import_meta__'] as { readonly filename?: string }
      if (filename !== undefined && isTarget(filename)) onLoaded(context['__vite_ssr_exports__'], filename)
      return result
    }
  })
}

/** Jest up to 30.3. */
function hookJestModules(prototype: object, isTarget: (path: string) => boolean, onLoaded: OnLoaded): void {
  replace(prototype, '_execModule', (original) => {
    return function _execModule(this: unknown, ...args: unknown[]) {
      const result = original.apply(this, args)
      const { filename, exports } = args[0] as { readonly filename: string; readonly exports: unknown }
      if (isTarget(filename)) onLoaded(exports, filename)
      return result
    }
  })
}

/** Newer ones show nothing of their insides; a module is a function that is compiled with `module` among its parameters. */
function hookCompiledFunctions(isTarget: (path: string) => boolean, onLoaded: OnLoaded): void {
  replace(process.getBuiltinModule('node:vm'), 'compileFunction', (original) => {
    return function compileFunction(this: unknown, ...args: unknown[]) {
      const compiled = original.apply(this, args) as AnyFunction
      const [, parameters, options] = args as [string, string[]?, { filename?: string }?]
      const position = parameters?.indexOf('module') ?? -1
      const filename = options?.filename
      if (position < 0 || filename === undefined || !isTarget(filename)) return compiled
      return function (this: unknown, ...values: unknown[]): unknown {
        const result = compiled.apply(this, values)
        onLoaded((values[position] as { readonly exports: unknown }).exports, filename)
        return result
      }
    }
  })
}

function replace(owner: object, key: string, wrap: (original: AnyFunction) => AnyFunction): void {
  const descriptor = Reflect.getOwnPropertyDescriptor(owner, key)
  if (typeof descriptor?.value !== 'function') return
  Reflect.defineProperty(owner, key, { ...descriptor, value: wrap(descriptor.value as AnyFunction) })
}

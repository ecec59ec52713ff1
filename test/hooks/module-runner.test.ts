import vm from 'node:vm'
import { describe, expect, it } from 'vitest'
import { isModuleRunner } from '../../src/hooks/is-module-runner.ts'
import { hookModuleRunner } from '../../src/hooks/module-runner.ts'

const isTarget = (path: string): boolean => path.includes('zen')

function collect(): { seen: unknown[][]; onLoaded: (exports: unknown, path: string) => void } {
  const seen: unknown[][] = []
  return { seen, onLoaded: (...loaded) => seen.push(loaded) }
}

describe('isModuleRunner', () => {
  it.each([
    '/app/node_modules/jest-runtime/build/index.js',
    'file:///app/node_modules/vitest/dist/module-evaluator.js',
    'file:///app/node_modules/vite/dist/node/module-runner.js?v=1',
    'C:\\app\\node_modules\\jest-runtime\\build\\index.js',
  ])('knows %s', (location) => {
    expect(isModuleRunner(location)).toBe(true)
  })

  it.each(['/app/jest-runtime/build/index.js', '/app/node_modules/vite/dist/node/index.js', 'node:vm'])(
    'does not know %s',
    (location) => {
      expect(isModuleRunner(location)).toBe(false)
    },
  )
})

interface Context {
  readonly __vite_ssr_exports__: { done?: boolean }
  readonly __vite_ssr_import_meta__: { readonly filename: string }
}

interface JestModule {
  exports: unknown
  readonly filename: string
}

describe('hookModuleRunner', () => {
  it('sees what Vite evaluates, after it has run', async () => {
    const { seen, onLoaded } = collect()
    class ESModulesEvaluator {
      async runInlinedModule(context: Context): Promise<string> {
        context.__vite_ssr_exports__.done = true
        return 'result'
      }
    }
    hookModuleRunner({ ESModulesEvaluator }, isTarget, onLoaded)
    const evaluate = (filename: string) =>
      new ESModulesEvaluator().runInlinedModule({
        __vite_ssr_exports__: {},
        __vite_ssr_import_meta__: { filename },
      })
    expect(await evaluate('/app/other.ts')).toBe('result')
    expect(await evaluate('/app/zen.ts')).toBe('result')
    expect(seen).toEqual([[{ done: true }, '/app/zen.ts']])
  })

  it('sees what older versions of Jest execute', () => {
    const { seen, onLoaded } = collect()
    class Runtime {
      _execModule(module: JestModule): void {
        module.exports = 'executed'
      }
    }
    hookModuleRunner({ default: Runtime }, isTarget, onLoaded)
    new Runtime()._execModule({ exports: undefined, filename: '/app/zen.js' })
    new Runtime()._execModule({ exports: undefined, filename: '/app/other.js' })
    expect(seen).toEqual([['executed', '/app/zen.js']])
  })

  it('sees what newer ones compile as the function of a module, and nothing else', () => {
    const { seen, onLoaded } = collect()
    const { compileFunction } = vm
    try {
      hookModuleRunner({ default: class Runtime {} }, isTarget, onLoaded)
      const module = { exports: {} }
      const filename = '/app/zen.js'
      const code = 'module.exports = [this.name, other]; return 7'
      expect(
        vm.compileFunction(code, ['module', 'other'], { filename }).call({ name: 'self' }, module, 'x'),
      ).toBe(7)
      expect(vm.compileFunction('return 8', [], { filename })()).toBe(8)
      expect(seen).toEqual([[['self', 'x'], filename]])
    } finally {
      vm.compileFunction = compileFunction
    }
  })
})

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { extensionOf, type ModuleKind } from './module-kind.ts'

const CHILDREN = 6

/**
 * Writes an application of many small modules, a tree in which each imports six others, a few functions and a class in
 * each. It says when it was done, as the programs of the bench do.
 *
 * @param folder where to
 * @param modules how many
 * @returns the file to run
 */
export function generateApplication(folder: string, modules: number, kind: ModuleKind): string {
  const fileOf = (index: number): string =>
    join(folder, `feature-${index % 50}`, `module-${index}.${extensionOf(kind)}`)
  for (let index = 0; index < modules; index++) {
    const children = Array.from({ length: CHILDREN }, (_, child) => index * CHILDREN + child + 1)
    const file = fileOf(index)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(
      file,
      moduleText(
        index,
        children.filter((child) => child < modules),
        kind,
      ),
    )
  }
  const main = join(folder, `main.${extensionOf(kind)}`)
  writeFileSync(main, mainText(kind))
  return main
}

function moduleText(index: number, children: readonly number[], kind: ModuleKind): string {
  const path = (child: number): string => `'../feature-${child % 50}/module-${child}.${extensionOf(kind)}'`
  const loads = children.map((child) =>
    kind === 'cjs'
      ? `const { size${child} } = require(${path(child)})`
      : `import { size${child} } from ${path(child)}`,
  )
  const exported = (text: string): string => (kind === 'cjs' ? text : `export ${text}`)
  return [
    ...loads,
    exported(`class Feature${index} {`),
    '  constructor(name) { this.name = name; this.options = { retries: 3, verbose: false } }',
    '  describe() { return `${this.name}: ${JSON.stringify(this.options)}` }',
    '}',
    exported(
      `function size${index}() { return ${['1', ...children.map((child) => `size${child}()`)].join(' + ')} }`,
    ),
    ...(kind === 'cjs' ? [`module.exports = { Feature${index}, size${index} }`] : []),
    '',
  ].join('\n')
}

function mainText(kind: ModuleKind): string {
  const first = `feature-0/module-0.${extensionOf(kind)}`
  const loads =
    kind === 'cjs'
      ? `const { size0 } = require('./${first}')\nconst { writeSync } = require('node:fs')`
      : `import { size0 } from './${first}'\nimport { writeSync } from 'node:fs'`
  return `${loads}\nwriteSync(3, JSON.stringify({ done: performance.now(), size: size0() }))\n`
}

import { describe, expect, it } from 'vitest'
import { zenTarget } from '../../src/targets/zen-target.ts'

describe('a module of the target', () => {
  it.each([
    ['a POSIX path', '/app/node_modules/zen/index.js'],
    ['a deeper file', '/app/node_modules/zen/dist/cjs/lib/core.cjs'],
    ['a Windows path', 'C:\\app\\node_modules\\zen\\index.js'],
    ['a file URL', 'file:///app/node_modules/zen/index.mjs'],
    ['a file URL with a query', 'file:///app/node_modules/zen/index.mjs?v=1#x'],
    ['a Windows file URL', 'file:///C:/app/node_modules/zen/index.mjs'],
    ['a scoped package', '/app/node_modules/@zen/core/index.js'],
    ['a scoped package on Windows', 'C:\\app\\node_modules\\@zen\\core\\index.js'],
    ['a scoped package with a similar name', '/app/node_modules/@zen/telemetry-tools/index.js'],
    ['a pnpm path', '/app/node_modules/.pnpm/zen@1.4.2/node_modules/zen/index.js'],
    ['a scoped pnpm path', '/app/node_modules/.pnpm/@zen+core@1.0.0/node_modules/@zen/core/index.js'],
    ['a package inside another', '/app/node_modules/shop/node_modules/zen/index.js'],
    ['a package inside itself', '/app/node_modules/zen/node_modules/zen/index.js'],
    ['a package inside this one', '/app/node_modules/@zen/telemetry/node_modules/zen/index.js'],
    ['an own file', '/app/src/zen-orchestrator.js'],
    ['an own file with underscores', '/app/src/zen_orchestrator.cjs'],
    ['an own file named as the class', '/app/src/ZenOrchestrator.ts'],
    ['an own ES module', '/app/zen-orchestrator.mjs'],
    ['an own component', '/app/zen-orchestrator.tsx'],
    ['an own file on Windows', 'C:\\app\\zen-orchestrator.mts'],
    ['an own file URL with a query', 'file:///app/zen-orchestrator.mjs?update=5'],
    ['an own file URL with an escaped query', 'file:///app/zen-orchestrator.ts%3Fpreparse=1?preparse=1'],
  ])('is %s: %s', (_, path) => {
    expect(zenTarget.matches(path)).toBe(true)
  })
})

describe('no module of the target', () => {
  it.each([
    ['this package', '/app/node_modules/@zen/telemetry/dist/agent.cjs'],
    ['this package on Windows', 'C:\\app\\node_modules\\@zen\\telemetry\\dist\\agent.cjs'],
    ['what the target depends on', '/app/node_modules/zen/node_modules/left-pad/index.js'],
    ['what a scoped target depends on', '/app/node_modules/@zen/core/node_modules/left-pad/index.js'],
    ['a dependency of it on Windows', 'C:\\app\\node_modules\\zen\\node_modules\\left-pad\\index.js'],
    ['a package with a longer name', '/app/node_modules/zen-mode/index.js'],
    ['a package with a shorter name', '/app/node_modules/ze/index.js'],
    ['a package of another scope', '/app/node_modules/@acme/zen/index.js'],
    ['a similar scope', '/app/node_modules/@zenith/core/index.js'],
    ['a folder of that name outside node_modules', '/app/zen/index.js'],
    ['a file directly in the scope', '/app/node_modules/@zen/readme.js'],
    ['an own file with a longer name', '/app/my-zen-orchestrator.js'],
    ['its test', '/app/zen-orchestrator.test.js'],
    ['another kind of file', '/app/zen-orchestrator.json'],
    ['another spelling', '/app/zenorchestrator.js'],
    ['a file of that name in somebody else’s package', '/app/node_modules/acme/lib/zen-orchestrator.js'],
    ['the same on Windows', 'C:\\app\\node_modules\\acme\\zen-orchestrator.js'],
    ['a builtin module', 'node:fs'],
    ['a data URL', 'data:text/javascript,export{}'],
  ])('is %s: %s', (_, path) => {
    expect(zenTarget.matches(path)).toBe(false)
  })
})

describe('the built-in target', () => {
  it('names the spans of its methods', () => {
    expect(
      zenTarget.methods.map(({ method, spanName, attributes }) => [method, spanName, attributes]),
    ).toEqual([
      ['run', 'zen.orchestrator.run', { operation: 'main_loop' }],
      ['processCommand', 'zen.orchestrator.process_command', { operation: 'process_command' }],
      ['process_command', 'zen.orchestrator.process_command', { operation: 'process_command' }],
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { mayImport } from '../../src/hooks/may-import.ts'

describe('mayImport', () => {
  it.each([
    `import zen from 'zen'`,
    `import{ZenOrchestrator}from"zen"`,
    `import*as zen from"zen"`,
    `import"zen"`,
    `import'zen'`,
    `import/* the target */zen from 'zen'`,
    `import\nzen\nfrom 'zen'`,
    `import type { Run } from 'zen'\nexport const a: Run = 1`,
    `\uFEFFimport zen from 'zen'`,
    `#!/usr/bin/env node\nimport zen from 'zen'`,
    `'use strict';import zen from 'zen'`,
    `function a() {}import zen from 'zen'`,
    `/* licence */ import zen from 'zen'`,
    `// licence\r\nimport zen from 'zen'`,
    `const a = 1\u2028import zen from 'zen'`,
    `do; while (0) import zen from 'zen'`,
    `const a = 1\n\t  import zen from 'zen'`,
    `export * from 'zen'`,
    `export*from'zen'`,
    `export { run } from 'zen'`,
    `export{run}from'zen'`,
    `let a;export /* again */ * from 'zen'`,
  ])('is true for %j', (source) => {
    expect(mayImport(source)).toBe(true)
  })

  it.each([
    '',
    `const zen = require('zen')\nexports.a = 1\nmodule.exports = { import: zen }`,
    `module.exports = () => import('zen')`,
    `import('zen').then(console.log)`,
    `// import zen from 'zen'`,
    `/**\n * import zen from 'zen'\n */`,
    `const text = "import zen from 'zen'"`,
    `var __importDefault = (this && this.__importDefault) || function () {}`,
    `obj.import\nobj.export`,
    `important()\nexported * 2`,
  ])('is false for %j', (source) => {
    expect(mayImport(source)).toBe(false)
  })
})

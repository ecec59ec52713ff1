import { readFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { join } from 'node:path'
import { readPublicCredentials } from './scripts/public-credentials.mjs'
import { defineConfig } from 'rolldown'
import license from 'rollup-plugin-license'
import sbom from 'rollup-plugin-sbom'

const publicCredentials = readPublicCredentials(process.env.ZEN_PUBLIC_CREDENTIALS_FILE)

/** For profiles: they are not packed, and the bundles do not name them. */
const sourcemap = 'hidden'

const common = {
  platform: 'node',
  tsconfig: false,
  // ES modules first: of those, only what is used comes along.
  resolve: { mainFields: ['module', 'main'] },
  transform: { target: 'node20' },
}

/**
 * The less V8 has to look over, the sooner the application starts: comments would be a third of it, and long names take
 * a fifth of the time. Lines stay as they are, since Node shows one where an error is not caught.
 */
const forStart = { comments: false, minify: { compress: true, mangle: true, codegen: false } }

/** Node takes half a millisecond for each of its modules that an ES module imports, and nothing for what it has loaded. */
const builtinsWithoutImport = {
  name: 'builtins-without-import',
  // What stands behind a null byte is rolldown's own.
  resolveId: (id, importer) => (isBuiltin(id) && !importer?.startsWith('\0') ? `\0${id}` : undefined),
  load(id) {
    if (!id.startsWith('\0node:')) return undefined
    const name = id.slice(1)
    const exports = Object.keys(createRequire(import.meta.url)(name)).map(
      (key) => `export const ${key} = builtin.${key}`,
    )
    return [`const builtin = process.getBuiltinModule('${name}')`, ...exports].join('\n')
  },
}

/** What is bundled from other packages is listed by the last build alone. */
const ownCodeOnly = {
  name: 'own-code-only',
  generateBundle(_, bundle) {
    const foreign = Object.values(bundle)
      .flatMap((chunk) => chunk.moduleIds ?? [])
      .find((id) => id.includes('node_modules'))
    if (foreign)
      this.error(`${foreign} would be bundled, but missing in the licences and the bill of materials`)
  },
}

/**
 * One bundle for each thread. They are built apart, so that nothing of the export thread can reach the application's:
 * the application's carries only whether there is a public mode, the export thread's the key itself. The command line
 * tool shares the export thread's parts, but for the key, which is in the entry of the thread.
 */
export default defineConfig([
  part('agent', 'src/agent.ts', { cleanDir: true }),
  part('all-targets', 'src/targets/all-targets.ts'),
  part('module-hook', 'src/hooks/module-hook.ts'),
  part('module-runner', 'src/hooks/module-runner.ts'),
  part('nothing-seen', 'src/hooks/nothing-seen.ts'),
  part('older-node', 'src/hooks/older-node.ts'),
  part('share-queue', 'src/transport/share-queue.ts'),
  part('rewriter', 'src/rewrite/create-rewriter.ts'),
  {
    ...common,
    input: { index: 'src/index.ts' },
    output: [
      { dir: 'dist', format: 'cjs', strict: true, entryFileNames: '[name].cjs', sourcemap },
      { dir: 'dist', format: 'esm', entryFileNames: '[name].mjs', sourcemap },
    ],
    plugins: [ownCodeOnly],
  },
  {
    ...part('activate', 'src/activate.ts'),
    transform: {
      ...common.transform,
      define: { __ZEN_PUBLIC_MODE__: String(publicCredentials !== undefined) },
    },
  },
  {
    ...common,
    input: { 'module-loader': 'src/hooks/module-loader.ts' },
    output: { dir: 'dist', format: 'esm', entryFileNames: '[name].mjs', ...forStart, sourcemap },
    treeshake: { propertyReadSideEffects: false },
    plugins: [ownCodeOnly, builtinsWithoutImport],
  },
  {
    ...common,
    resolve: {
      ...common.resolve,
      alias: {
        '@grpc/proto-loader': exporterPart('never-used.ts'),
        'web-streams-polyfill/dist/ponyfill.es2018.js': exporterPart('never-used.ts'),
      },
    },
    input: {
      'export-thread': 'src/export/export-thread.ts',
      cli: 'src/cli/main.ts',
      'trace-reader': 'src/cli/trace-reader.ts',
      'source-rewriter': 'src/rewrite/rewrite-source.ts',
    },
    output: {
      dir: 'dist',
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'export/[name].cjs',
      minify: { compress: true, mangle: true, codegen: true },
      sourcemap,
    },
    transform: {
      ...common.transform,
      // To name one of Node's own would load all of its `fetch`, while Google's libraries bring another one.
      inject: {
        Headers: ['node-fetch/src/headers.js', 'default'],
        FormData: [exporterPart('no-form-data.ts'), 'FormData'],
      },
      define: {
        __ZEN_PUBLIC_MODE__: String(publicCredentials !== undefined),
        __ZEN_PUBLIC_CREDENTIALS__:
          publicCredentials === undefined ? 'undefined' : JSON.stringify(publicCredentials),
      },
    },
    plugins: [
      license({
        thirdParty: {
          output: { file: 'dist/THIRD-PARTY-LICENSES.txt' },
          allow: {
            test: '(MIT OR ISC OR Apache-2.0 OR BSD-2-Clause OR BSD-3-Clause OR 0BSD OR BlueOak-1.0.0)',
            failOnUnlicensed: true,
            failOnViolation: true,
          },
        },
      }),
      sbom({
        outDir: '',
        outFilename: 'sbom',
        outFormats: ['json'],
        generateSerial: false,
        includeWellKnown: false,
      }),
    ],
  },
  {
    platform: 'browser',
    tsconfig: false,
    transform: { target: 'es2023' },
    input: { page: 'src/cli/view/page/main.ts' },
    output: { dir: 'dist/view', format: 'esm', entryFileNames: '[name].js', minify: true },
    plugins: [asset('page.html'), asset('page.css')],
  },
])

/** The path of a file that stands for a part of the libraries of the exporters. */
function exporterPart(name) {
  return join(import.meta.dirname, 'src/export/exporters', name)
}

/** A file of the application thread: each is read only where it is needed. */
function part(name, input, output = {}) {
  return {
    ...common,
    input: { [name]: input },
    output: {
      dir: 'dist',
      format: 'cjs',
      strict: true,
      entryFileNames: '[name].cjs',
      ...forStart,
      sourcemap,
      ...output,
    },
    plugins: [ownCodeOnly],
  }
}

/** A file of the page that is published as it is. */
function asset(fileName) {
  const source = readFileSync(new URL(`src/cli/view/page/${fileName}`, import.meta.url))
  return {
    name: `asset ${fileName}`,
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source })
    },
  }
}

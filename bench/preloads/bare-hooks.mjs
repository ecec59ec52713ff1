// The same as bare-hooks.cjs, without its way into CommonJS.
import Module from 'node:module'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major >= 26 || (major === 24 && minor >= 12) || (major === 22 && minor >= 23)) {
  Module.registerHooks({
    resolve: (name, context, next) => next(name, context),
    load: (url, context, next) => next(url, context),
  })
} else {
  Module.register('data:text/javascript,export const load = (url, context, next) => next(url, context)')
}

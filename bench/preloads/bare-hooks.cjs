'use strict'

// What Node itself takes for module hooks that do nothing: in this thread where it can do that, else in a loader thread.
const Module = require('node:module')

const [major, minor] = process.versions.node.split('.').map(Number)
if (major >= 26 || (major === 24 && minor >= 12) || (major === 22 && minor >= 23)) {
  Module.registerHooks({
    resolve: (name, context, next) => next(name, context),
    load: (url, context, next) => next(url, context),
  })
} else {
  Module.register('data:text/javascript,export const load = (url, context, next) => next(url, context)')
}

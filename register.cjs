'use strict'
// Plain JavaScript that parses on Node 12: it guards, then starts the agent. Whatever goes wrong, the application runs.
;(function () {
  try {
    var env = process.env
    if (isOn(env.ZEN_TELEMETRY_DISABLED) || isOn(env.DO_NOT_TRACK) || isOn(env.OTEL_SDK_DISABLED)) return
    if (globalThis[Symbol.for('@zen/telemetry')]) return
    var version = process.versions.node.split('.').map(Number)
    var supported =
      version[0] === 20 ? version[1] >= 19 : version[0] === 22 ? version[1] >= 12 : version[0] > 22
    if (supported && inLoaderThread()) return
    if (supported) read('agent.cjs').start(module, read)
    else
      warn(
        'Node ' +
          process.versions.node +
          ' is too old; the application runs without telemetry. Use Node 20.19, 22.12 or newer.',
      )
  } catch (error) {
    warn('could not start (' + (error && error.message) + '); the application runs without telemetry.')
  }

  // The thread in which Node runs other people's module hooks runs preloads again, but no module of the application. A
  // program's own thread has the program in its arguments; where there is none, the REPL and -e, it is asked properly,
  // which loads 3 ms worth of Node.
  function inLoaderThread() {
    if (process.argv.length > 1) return false
    var threads = require('worker_threads')
    return !threads.isMainThread && threads.parentPort === null
  }

  // A file of dist/, once. `require` would look for it, its real path and its package.json: 0.5 ms and most of a megabyte.
  function read(name) {
    var Module = module.constructor
    var file = __dirname + (process.platform === 'win32' ? '\\dist\\' : '/dist/') + name
    var part = Module._cache[file]
    if (part) return part.exports
    part = new Module(file, module)
    part.filename = file
    part.paths = []
    part._compile(require('fs').readFileSync(file, 'utf8'), file, 'commonjs')
    part.loaded = true
    Module._cache[file] = part
    return part.exports
  }

  function isOn(value) {
    return value !== undefined && /^\s*(true|1|yes)\s*$/i.test(value)
  }

  function warn(message) {
    try {
      require('fs').writeSync(2, '[zen-telemetry] warn: ' + message + '\n')
    } catch (_) {}
  }
})()

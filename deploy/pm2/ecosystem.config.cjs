// pm2 start deploy/pm2/ecosystem.config.cjs
// PM2 loads the application into a process of its own making, so the agent goes into node_args, by its absolute path, and
// only if it is there.
// Checked by: node -e "require('./deploy/pm2/ecosystem.config.cjs')", with and without the agent (test/deploy).
// Tried by hand under PM2 7.0.4: started, called and stopped, with the agent (all spans were delivered) and without it.
const { existsSync } = require('node:fs')
const { join } = require('node:path')

const folder = process.env.APP_FOLDER || '/srv/my-app'
const register = join(folder, 'node_modules', '@zen', 'telemetry', 'register.cjs')

module.exports = {
  apps: [
    {
      name: 'my-app',
      cwd: folder,
      script: 'app.js',
      node_args: existsSync(register) ? ['--require', register] : [],
      // Longer than ZEN_TELEMETRY_EXIT_TIMEOUT, in milliseconds.
      kill_timeout: 5000,
      env: {
        GOOGLE_CLOUD_PROJECT: 'my-project',
        ZEN_SERVICE_NAME: 'my-app',
        // By way of a collector on this machine (deploy/collector), which adds the location that Google asks for.
        ZEN_TELEMETRY_METRICS: 'otlp',
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://127.0.0.1:4318/v1/metrics',
      },
    },
  ],
}

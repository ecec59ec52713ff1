import { switchedOffBy } from '../../config/consent.ts'
import { settingsFile } from '../../config/settings.ts'
import { type CliCommand, EXIT } from '../command.ts'
import { readContext } from '../context.ts'
import { writeSettings } from '../write-settings.ts'

/** Switches telemetry off for everything that this user starts. */
export const disable: CliCommand = {
  name: 'disable',
  summary: 'switch telemetry off for everything this user starts on this machine',
  run(invocation) {
    const { folder } = readContext(invocation)
    writeSettings(folder, { disabled: true })
    const { consent } = readContext(invocation)
    const file = settingsFile(folder)
    invocation.report({ disabled: true, file }, (style) => [
      `${style('bold', 'Telemetry is off')} for everything you start on this machine (${file}).`,
      'Processes that run already go on as they began. zen-telemetry enable takes this back.',
      ...(consent.on && switchedOffBy(invocation.environment) === undefined
        ? [
            style(
              'yellow',
              'ZEN_TELEMETRY_DISABLED says false here, which outweighs this: unset it to make it count.',
            ),
          ]
        : []),
    ])
    return EXIT.fine
  },
}

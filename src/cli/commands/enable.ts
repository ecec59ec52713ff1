import { explainConsent } from '../../config/consent.ts'
import { settingsFile } from '../../config/settings.ts'
import { type CliCommand, EXIT } from '../command.ts'
import { readContext } from '../context.ts'
import { writeSettings } from '../write-settings.ts'

/** Takes `disable` back. */
export const enable: CliCommand = {
  name: 'enable',
  summary: 'take "disable" back',
  run(invocation) {
    const { folder } = readContext(invocation)
    writeSettings(folder, { disabled: false })
    const { consent } = readContext(invocation)
    const file = settingsFile(folder)
    invocation.report({ disabled: false, file, on: consent.on }, (style) =>
      consent.on
        ? [`${style('bold', 'Telemetry is on')} for what you start on this machine (${file}).`]
        : [
            `You no longer switch telemetry off (${file}).`,
            style(
              'yellow',
              `In this folder and shell it stays off all the same: ${explainConsent(consent)}.`,
            ),
          ],
    )
    return EXIT.fine
  },
}

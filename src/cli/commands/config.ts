import { explainConsent } from '../../config/consent.ts'
import { type CliCommand, EXIT } from '../command.ts'
import { type ConfiguredValue, configuredValues } from '../configured-values.ts'
import { readContext } from '../context.ts'
import type { Style } from '../terminal.ts'

/** Shows every setting, and where it comes from. */
export const config: CliCommand = {
  name: 'config',
  summary: 'what is in force, and where each value comes from',
  define(command) {
    command.option('--set', 'only what is not the default')
  },
  run({ options, environment, cwd, report }) {
    const { folder, consent } = readContext({ environment, cwd })
    const all = configuredValues(environment)
    const values = options['set']
      ? all.filter((value) => value.source !== 'default' || value.unreadable)
      : all
    report({ telemetry: consent.on ? 'on' : 'off', rule: consent.rule, folder, values }, (style) => [
      `telemetry     ${consent.on ? 'on' : 'off'}: ${explainConsent(consent)}`,
      `state folder  ${folder}`,
      ...(values.length > 0 ? ['', ...table(values, style)] : []),
    ])
    return values.some((value) => value.unreadable) ? EXIT.findings : EXIT.fine
  },
}

function table(values: readonly ConfiguredValue[], style: Style): readonly string[] {
  const width = (of: (value: ConfiguredValue) => string): number =>
    Math.max(...values.map((value) => of(value).length))
  const names = width(({ variable }) => variable)
  const shown = Math.min(
    40,
    width(({ value }) => value),
  )
  return values.map(({ variable, value, source, unreadable }) => {
    const line = `${variable.padEnd(names)}  ${value.padEnd(shown)}  ${source}`
    if (unreadable !== undefined) return style('yellow', `${line}; "${unreadable}" cannot be read`)
    return source === 'default' ? style('dim', line) : line
  })
}

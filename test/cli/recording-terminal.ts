import type { Terminal } from '../../src/cli/terminal.ts'

/** A terminal without colours that keeps what is written to it. */
export function recordingTerminal(): { terminal: Terminal; printed(): string; noted(): string } {
  let out = ''
  let err = ''
  return {
    terminal: {
      print(text) {
        out += `${text}\n`
        return true
      },
      note: (text) => void (err += `${text}\n`),
      style: (_, text) => text,
    },
    printed: () => out,
    noted: () => err,
  }
}

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { type CliCommand, EXIT } from '../command.ts'
import { readContext } from '../context.ts'
import { interrupted } from '../interrupted.ts'
import { startViewServer } from '../view/view-server.ts'

/** Serves the page of local traces until it is interrupted. */
export const view: CliCommand = {
  name: 'view',
  summary: 'local traces in the browser: search, waterfall, statistics, live',
  define(command) {
    command.option('--open', 'open the browser as well')
  },
  async run({ options, environment, cwd, terminal, report }) {
    const { folder } = readContext({ environment, cwd })
    const server = await startViewServer({
      stateFolder: folder,
      pageFolder: join(import.meta.dirname, 'view'),
    })
    report({ url: server.url, folder: join(folder, 'traces') }, (style) => [
      `The traces in ${join(folder, 'traces')}, on this machine only:`,
      '',
      `  ${style('cyan', server.url)}`,
      '',
    ])
    terminal.note('Ctrl-C ends it.')
    if (options['open']) openBrowser(server.url)
    await interrupted()
    await server.close()
    return EXIT.fine
  },
}

/** Whoever has no such program opens the address that was printed. */
function openBrowser(url: string): void {
  const [command, args]: [string, string[]] =
    process.platform === 'win32'
      ? ['cmd', ['/c', 'start', '', url]]
      : [process.platform === 'darwin' ? 'open' : 'xdg-open', [url]]
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}

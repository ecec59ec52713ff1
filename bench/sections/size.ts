import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Finding, finderFor } from '../finding.ts'
import { installPeer } from '../install-peer.ts'
import type { Section } from '../section.ts'
import { exactly } from '../statistics.ts'
import { installPeers } from '../peers.ts'
import { AGENT } from '../this-agent.ts'

const MB = 1e6

/** What `npm install` brings to the disk. */
export const size: Section = {
  name: 'size',
  measure(laboratory, line) {
    const add = finderFor(line.major)
    const own = join(dirname(laboratory.agent.cjs), '..', '..')
    const installed = [
      { title: AGENT, modules: own, most: { mb: 3, packages: 1 } },
      { title: 'stock pair', modules: join(installPeer('stock-pair'), 'node_modules'), most: undefined },
      ...installPeers(line.major, laboratory).map(({ title, folder }) => ({
        title,
        modules: join(folder, 'node_modules'),
        most: undefined,
      })),
    ]
    return {
      findings: installed.flatMap(({ title, modules, most }): Finding[] => [
        add('Installed size', title, 'MB', exactly(bytesIn(modules) / MB), most?.mb),
        add('Installed packages', title, 'count', exactly(packagesIn(modules)), most?.packages),
      ]),
    }
  },
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + lstatSync(join(entry.parentPath, entry.name)).size, 0)
}

/** A folder below a `node_modules` that has a package.json, those of a scope one level deeper. */
function packagesIn(modules: string): number {
  const folders = readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => join(name, inner)) : [name],
  )
  return folders
    .map((name) => join(modules, name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .reduce((sum, folder) => {
      const nested = join(folder, 'node_modules')
      return sum + 1 + (existsSync(nested) ? packagesIn(nested) : 0)
    }, 0)
}

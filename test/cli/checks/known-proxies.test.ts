import { describe, expect, it } from 'vitest'
import { knownProxies } from '../../../src/cli/checks/known-proxies.ts'
import { tempFolder } from '../../support/temp-folder.ts'

describe('the proxies that a machine knows', () => {
  it('are those of variables, npm and git, each once', () => {
    const home = tempFolder({
      '.npmrc': 'registry=https://r.example/\nhttps-proxy="http://npm.example:8080"\n',
      '.gitconfig':
        '[user]\n\tname = a\n[http]\n\tsslVerify = true\n\tproxy = http://git.example:3128\n[core]\n\tproxy = no\n',
    })
    const cwd = tempFolder({ '.npmrc': 'proxy=project.example:80\n' })
    expect(
      knownProxies({ HOME: home, HTTPS_PROXY: 'http://env.example', https_proxy: 'http://env.example' }, cwd),
    ).toEqual([
      'http://env.example',
      'http://project.example:80',
      'http://npm.example:8080',
      'http://git.example:3128',
    ])
  })

  it('are none where nothing is set', () => {
    expect(knownProxies({ HOME: tempFolder() }, tempFolder())).toEqual([])
  })
})

import { type PiiRule, WORD_START } from './pii-rule.ts'

/** Names that would tell whose machine it is. */
export interface MachineNames {
  /** As `os.userInfo().username`. */
  readonly user?: string | undefined
  /** As `os.hostname()`. */
  readonly host?: string | undefined
}

/** Shorter ones (`max`, `pat`, `pc1`) are too often part of ordinary text; in a home directory they are found anyway. */
const SHORTEST_NAME = 4

/** Accounts and hosts that are called so everywhere: they tell nothing, and removing the word would spoil ordinary text. */
const EVERYBODYS = new Set(
  (
    'root node user users admin administrator ubuntu debian centos fedora alpine docker container runner jenkins ' +
    'circleci travis vagrant nobody daemon default guest test tests tester build builder deploy worker server ' +
    'service client system local localhost localdomain main prod production staging development demo host home ' +
    'www-data ec2-user codespace vscode gitpod postgres mysql redis mongo nginx apache google azure cloud http ' +
    'https sandbox zen orchestrator telemetry application email token card secret user-info private null true ' +
    'false undefined error object function async name type file path code data web-server raspberrypi'
  ).split(' '),
)

/**
 * Rules for the current user and the name of this machine, as whole words in any case: `jane` goes from `jane-laptop`
 * and `jane_tmp`, not from `janeiro`. A host with a domain goes as a whole and by its first label.
 *
 * @returns no rule for names that are shorter than four characters or that every machine has
 */
export function machineNameRules({ user, host }: MachineNames): readonly PiiRule[] {
  const names: [name: string | undefined, replacement: string][] = [
    [host, '[host]'],
    [host?.split('.', 1)[0], '[host]'],
    [user, '[user]'],
  ]
  const telling = names.filter(([name]) => name !== undefined && tells(name)) as [string, string][]
  return telling
    .toSorted(([one], [other]) => other.length - one.length)
    .map(([name, replacement]) => ({ hints: [], pattern: wholeWord(name), replace: () => replacement }))
}

function tells(name: string): boolean {
  return name.length >= SHORTEST_NAME && !EVERYBODYS.has(name.toLowerCase()) && !/^[\d.]+$/.test(name)
}

function wholeWord(name: string): RegExp {
  const literal = name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  return new RegExp(`${WORD_START}(?<!\\p{L}(?<![A-Za-z]))${literal}(?![\\p{L}\\p{N}])`, 'giu')
}

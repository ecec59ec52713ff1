import { OWN_ATTRIBUTES } from './builtin-vocabulary.ts'

/** Most attribute names whose answer is remembered. */
const REMEMBERED = 1000

/** The two lists of globs, as the configuration has them. */
export interface AttributeGlobs {
  /** Empty: every name. */
  readonly allow: readonly string[]
  readonly deny: readonly string[]
}

/**
 * Decides by name which attributes are recorded. In a glob `*` stands for any characters, dots too, and `?` for one.
 * What is denied is denied, for the agent's own attributes too; those need not be in the list of allowed ones.
 *
 * @returns true for a name that may be recorded
 */
export function createAttributeGlobs({ allow, deny }: AttributeGlobs): (name: string) => boolean {
  if (allow.length === 0 && deny.length === 0) return () => true
  const allowed = allow.map((glob) => Array.from(glob))
  const denied = deny.map((glob) => Array.from(glob))
  const answers = new Map<string, boolean>()

  const decide = (name: string): boolean => {
    const characters = Array.from(name)
    if (denied.some((glob) => matches(glob, characters))) return false
    if (allowed.length === 0 || OWN_ATTRIBUTES.has(name)) return true
    return allowed.some((glob) => matches(glob, characters))
  }

  return (name) => {
    const known = answers.get(name)
    if (known !== undefined) return known
    const answer = decide(name)
    if (answers.size >= REMEMBERED) answers.clear()
    answers.set(name, answer)
    return answer
  }
}

/**
 * Without a regular expression: `*a*a*a*b` as one takes time to the power of its stars. Here only the last star is ever
 * widened, which is enough because an earlier one could only take what the later ones can take as well.
 */
function matches(glob: readonly string[], name: readonly string[]): boolean {
  let inGlob = 0
  let inName = 0
  let star = -1
  let starTook = 0
  while (inName < name.length) {
    if (glob[inGlob] === '*') {
      star = inGlob++
      starTook = inName
    } else if (inGlob < glob.length && (glob[inGlob] === '?' || glob[inGlob] === name[inName])) {
      inGlob++
      inName++
    } else if (star >= 0) {
      inGlob = star + 1
      inName = ++starTook
    } else {
      return false
    }
  }
  while (glob[inGlob] === '*') inGlob++
  return inGlob === glob.length
}

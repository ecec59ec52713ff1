import type { WantedFunctions } from '../targets/wanted-functions.ts'

const ANY_MEMBER = /\bclass\b|\bthis\b/
const EXPORTS_ALL = /\bexport\s*\*/
/** How the text of a function may begin. */
const FUNCTION = String.raw`(?:async\b|function\b|__name\b|[(<]|//|[^\s(),;=.]+\s*=>)`
const GAP = String.raw`(?:\s|/\*[^*]*\*/)*`

/**
 * Whether a source may hold a function that is wanted: a quick look, so that nearly all sources need no parser. It may be
 * wrong in one direction only.
 *
 * @param source JavaScript or TypeScript
 * @param wanted names
 * @param format as Node has it
 * @param typed whether it may be TypeScript
 */
export function mayHold(
  source: string,
  wanted: WantedFunctions,
  format: string | undefined,
  typed: boolean,
): boolean {
  return mayHoldMember(source, wanted.members, typed) || mayExport(source, wanted.exports, format)
}

function mayHoldMember(source: string, members: WantedFunctions['members'], typed: boolean): boolean {
  if (members === '*') return ANY_MEMBER.test(source)
  // The expression takes longer to make than this to find that no name is there.
  if (!members.some((name) => source.includes(name))) return false
  const names = `(?:${members.map(escape).join('|')})`
  // A field or an assignment, of TypeScript with a type in between; or the name as text, as compilers write it.
  const type = typed ? '|[?!]?:' : ''
  const key = String.raw`(?<![\w$#]|\b(?:const|let|var)\s+)${names}["'\`]?(?:\s*\])?${GAP}`
  const assigned = String.raw`${key}(?:(?:\|\||&&|\?\?)?=(?!=)${GAP}${FUNCTION}${type})`
  const named = `["'\`]${names}["'\`]${GAP},`
  return new RegExp(`${assigned}|${named}`).test(source)
}

function mayExport(source: string, exports: WantedFunctions['exports'], format: string | undefined): boolean {
  if (exports.length === 0 || format?.startsWith('commonjs') === true || !source.includes('export'))
    return false
  return EXPORTS_ALL.test(source) || exports.some(({ name }) => source.includes(name))
}

function escape(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

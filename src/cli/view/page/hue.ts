/** As many colours as the style sheet has for methods. */
const HUES = 8

const known = new Map<string, number>()

/** The class that colours the bars of a method; the first eight methods differ. */
export function hueClass(name: string): string {
  let hue = known.get(name)
  if (hue === undefined) known.set(name, (hue = known.size % HUES))
  return `hue-${hue}`
}

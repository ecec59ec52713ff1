export function writeReport(_results: object): readonly string[] {
  return []
}

const PROJECT_ID = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/

/** What a project id looks like, for warnings. */
export const PROJECT_ID_RULE =
  '6 to 30 lower-case letters, digits and hyphens, a letter first, no hyphen last'

/**
 * Whether a text can be the id of a Google Cloud project.
 *
 * @param text such as `my-project-1`
 */
export function isProjectId(text: string): boolean {
  return PROJECT_ID.test(text)
}

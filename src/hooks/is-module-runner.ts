/** Where Jest runs CommonJS, and where Vitest and Vite run what they have transformed. */
const RUNNER =
  /[\\/]node_modules[\\/](?:jest-runtime[\\/]build[\\/]index|vitest[\\/]dist[\\/]module-evaluator|vite[\\/]dist[\\/]node[\\/]module-runner)\.js(?:\?.*)?$/

/**
 * Whether a loaded file is part of a test runner or development server that has a module system of its own.
 *
 * @param location a path or file URL
 */
export function isModuleRunner(location: string): boolean {
  // Nearly no file is one: most programs never come to compile the pattern.
  return (location.includes('vite') || location.includes('jest-runtime')) && RUNNER.test(location)
}

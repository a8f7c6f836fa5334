/** Written so that an old Node can still read it, and say what is wrong. */

export const MINIMUM = [20, 9, 0];

/**
 * @param {string} version as `process.versions.node` has it
 * @returns {string | undefined} one sentence, where the version is too old
 */
export function nodeVersionProblem(version) {
  const parts = version.split(".").map(Number);
  for (let index = 0; index < MINIMUM.length; index += 1) {
    if (parts[index] > MINIMUM[index]) return undefined;
    if (parts[index] < MINIMUM[index]) {
      return `Inkling needs Node ${MINIMUM.join(".")} or newer, and this is Node ${version}: install Node 20 or newer and try again.`;
    }
  }
  return undefined;
}

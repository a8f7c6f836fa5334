/** `npm run audit`: known vulnerabilities of the packages, by whichever registry npm asks; where none answers, it says so. */
import { spawnSync } from "node:child_process";
import { main } from "./command.mjs";

const SEVERITIES = ["critical", "high", "moderate", "low"];

/**
 * @param {string} output of `npm audit --json`
 * @returns {string} in one sentence
 */
export function summarise(output) {
  let counts;
  try {
    counts = JSON.parse(output).metadata.vulnerabilities;
  } catch {
    return "Not audited: the registry that npm asks knows no vulnerabilities, or cannot be reached.";
  }
  const found = SEVERITIES.filter((severity) => counts[severity] > 0).map(
    (severity) => `${counts[severity]} ${severity}`,
  );
  if (found.length === 0) return "No known vulnerability in what the app runs on.";
  return `Known vulnerabilities in what the app runs on: ${found.join(", ")}. \`npm audit --omit=dev\` names them.`;
}

if (process.argv[1]?.endsWith("audit.mjs")) {
  await main(() => {
    const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], { encoding: "utf8", timeout: 60_000 });
    console.log(summarise(stdout ?? ""));
  });
}

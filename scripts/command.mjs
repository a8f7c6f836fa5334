/** Runs other programs, and leaves none of them behind. */
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { constants as os } from "node:os";
import { delimiter, join } from "node:path";

/** A failure that is told to the user in one sentence, without a stack trace. */
export class Stop extends Error {}

/** Process groups under way, by the id of their leader. */
const groups = new Set();

/** The signal that asked this script to stop, if one did. */
let stoppedBy;

function endGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/** How often a script of npm's looks whether that still lives. */
const LOOKS_EVERY_MS = 500;

/** Stops what this script runs when a signal stops this script, and then ends as that ends. */
function forwardSignals() {
  const stop = (signal) => {
    stoppedBy = signal;
    // Whatever came: Playwright's runner stops the server that it has started on this one alone.
    for (const pid of groups) endGroup(pid, "SIGINT");
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(signal));
  if (process.env.npm_lifecycle_event) {
    // npm sends a signal to the shell that it runs a script in, which dies of it and tells nobody.
    const shell = process.ppid;
    setInterval(() => process.ppid !== shell && !stoppedBy && stop("SIGTERM"), LOOKS_EVERY_MS).unref();
  }
  process.on("exit", () => {
    for (const pid of groups) endGroup(pid, "SIGKILL");
  });
}

/** How long a program that was asked to stop may take before it is ended. */
const STOPS_WITHIN_MS = 10_000;

/**
 * Runs a program to its end, with this script's output.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, signal?: AbortSignal, quiet?: boolean, output?: number }} options `signal` stops the
 *   program; `quiet` leaves out what it writes to its standard output; `output` is a file descriptor for all that it writes
 * @returns {Promise<number>} its exit status; 1 where a signal ended it or it could not be started
 */
export function run(program, args, { env = {}, signal, quiet = false, output } = {}) {
  return new Promise((resolve, reject) => {
    if (stoppedBy || signal?.aborted) return reject(new Stop("Stopped."));
    // A group of its own: whatever it leaves behind is ended with it. Windows has no process groups.
    const child = spawn(program, args, {
      stdio: ["ignore", output ?? (quiet ? "ignore" : "inherit"), output ?? "inherit"],
      detached: process.platform !== "win32",
      env: { ...process.env, ...env },
    });
    const { pid } = child;
    if (pid !== undefined) groups.add(pid);
    const stop = () => {
      endGroup(pid, "SIGTERM");
      setTimeout(() => groups.has(pid) && endGroup(pid, "SIGKILL"), STOPS_WITHIN_MS).unref();
    };
    if (pid !== undefined) signal?.addEventListener("abort", stop);
    const finish = (status) => {
      signal?.removeEventListener("abort", stop);
      if (pid !== undefined) {
        groups.delete(pid);
        endGroup(pid, "SIGKILL");
      }
      resolve(status);
    };
    child.on("error", () => finish(1));
    child.on("exit", (code) => finish(code ?? 1));
  });
}

/**
 * @param {string} program
 * @returns {string | undefined} where it stands on the PATH
 */
export function findProgram(program) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/**
 * For scripts that take their settings from the environment.
 *
 * @param {string} usage
 * @param {readonly string[]} args
 * @returns {boolean} whether `--help` was asked for, and given
 * @throws {Stop} for any other argument, which would otherwise be passed over in silence
 */
export function gaveHelp(usage, args = process.argv.slice(2)) {
  const [other] = args.filter((arg) => arg !== "--help");
  if (other !== undefined) throw new Stop(`${other} is not understood.\n\n${usage}`);
  if (args.length === 0) return false;
  console.log(usage);
  return true;
}

/** A closed pipe or a full disk behind the output takes what is written, not the program that writes. */
export function surviveBrokenOutput() {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

/** Runs a script's main function: a `Stop` is one sentence on stderr, and every failure a non-zero status. */
export async function main(body) {
  forwardSignals();
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (thrown) {
    if (!stoppedBy) console.error(thrown instanceof Stop ? thrown.message : thrown);
    process.exitCode = 1;
  }
  // The shell's convention for a program that a signal has ended; one that ended in order has said so with 0.
  if (stoppedBy && process.exitCode !== 0) process.exitCode = 128 + os.signals[stoppedBy];
}

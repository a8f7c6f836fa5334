import { spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { findProgram, gaveHelp, run } from "./command.mjs";

const node = (code) => run(process.execPath, ["-e", code]);

/** A process that has ended is seen until its parent, which may be a slow init, has taken notice. */
const PATIENCE = { timeout: 15_000, interval: 100 };

/** Where a child says the id of the process that it has started. */
const note = join(tmpdir(), `inkling-command-${process.pid}`);

afterEach(() => rm(note, { force: true }));

/** Code that starts a process which would live for a minute, and notes its id. */
const START_LASTING = `
  const child = require("node:child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
  require("node:fs").writeFileSync(${JSON.stringify(note)}, String(child.pid));`;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("run", () => {
  it("gives the exit status, and 1 for what was killed or cannot be started", async () => {
    expect(await node("process.exit(7)")).toBe(7);
    expect(await node("process.kill(process.pid, 'SIGKILL')")).toBe(1);
    expect(await run("inkling-no-such-program", [])).toBe(1);
  });

  it("leaves nothing behind that the program has started", async () => {
    expect(await node(`${START_LASTING} process.exit(0)`)).toBe(0);
    const pid = Number(await readFile(note, "utf8"));
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENCE);
  });

  it("stops a program by a signal, with what that has started", async () => {
    const stopping = new AbortController();
    const ended = run(process.execPath, ["-e", `${START_LASTING} setTimeout(() => {}, 60_000)`], {
      signal: stopping.signal,
    });
    await vi.waitFor(() => readFile(note), PATIENCE);
    stopping.abort();
    expect(await ended).toBe(1);
    const pid = Number(await readFile(note, "utf8"));
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENCE);
    await expect(run(process.execPath, ["-e", ""], { signal: stopping.signal })).rejects.toThrow("Stopped.");
  });
});

describe("gaveHelp", () => {
  it("prints what a script does, and refuses what it would not heed", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    expect(gaveHelp("usage", [])).toBe(false);
    expect(log).not.toHaveBeenCalled();
    expect(gaveHelp("usage", ["--help"])).toBe(true);
    expect(log).toHaveBeenCalledWith("usage");
    expect(() => gaveHelp("usage", ["--help", "--port"])).toThrow("--port is not understood.");
    log.mockRestore();
  });
});

describe("main", () => {
  const script = (body) => `
    import { main, run, Stop } from ${JSON.stringify(new URL("command.mjs", import.meta.url).href)};
    await main(async () => { ${body} });`;

  /** Runs a script of its own, so that signals reach it and not the tests. */
  async function start(body, onStart = () => {}) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script(body)]);
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    void onStart(child);
    const status = await new Promise((resolve) => child.on("exit", resolve));
    return { status, stderr };
  }

  it("says a Stop in one line, and anything else with its stack", async () => {
    expect(await start(`throw new Stop("Do this.")`)).toEqual({ status: 1, stderr: "Do this.\n" });
    const { status, stderr } = await start(`throw new Error("unexpected")`);
    expect([status, stderr.includes("at ")]).toEqual([1, true]);
  });

  it("ends with the status that it is given", async () => {
    expect((await start("return 3")).status).toBe(3);
    expect((await start("")).status).toBe(0);
  });

  it("stops what it runs when it is stopped, without a complaint", async () => {
    const body = `
      const status = await run(process.execPath, ["-e", ${JSON.stringify(`${START_LASTING} setTimeout(() => {}, 60_000)`)}]);
      throw new Stop("The server stopped with status " + status);`;
    const { status, stderr } = await start(body, async (child) => {
      await vi.waitFor(() => readFile(note), PATIENCE);
      child.kill("SIGTERM");
    });
    expect([status, stderr]).toEqual([143, ""]);
    const pid = Number(await readFile(note, "utf8"));
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENCE);
  });

  it("stops what it runs by the signal on which test runners tidy up", async () => {
    const tidy = `process.on("SIGINT", () => { console.error("tidied up"); process.exit(0); }); ${START_LASTING}`;
    const body = `await run(process.execPath, ["-e", ${JSON.stringify(`${tidy} setTimeout(() => {}, 60_000)`)}]);`;
    const { stderr } = await start(body, async (child) => {
      await vi.waitFor(() => readFile(note), PATIENCE);
      child.kill("SIGTERM");
    });
    expect(stderr).toBe("tidied up\n");
  });

  it("stops when the shell is gone that npm runs it in", async () => {
    const body = `await run(process.execPath, ["-e", ${JSON.stringify(`${START_LASTING} setTimeout(() => {}, 60_000)`)}]);`;
    const shell = spawn("sh", ["-c", '"$0" --input-type=module -e "$1"; true', process.execPath, script(body)], {
      env: { ...process.env, npm_lifecycle_event: "start" },
    });
    await vi.waitFor(() => readFile(note), PATIENCE);
    shell.kill("SIGTERM");
    const pid = Number(await readFile(note, "utf8"));
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENCE);
  });
});

describe("findProgram", () => {
  it("finds what is on the PATH alone", () => {
    expect(findProgram("sh")).toMatch(/\/sh$/);
    expect(findProgram("inkling-no-such-program")).toBeUndefined();
  });
});

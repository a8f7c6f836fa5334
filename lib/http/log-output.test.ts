import { describe, expect, it } from "vitest";
import { LogOutput } from "./log-output";

/** A disk with room for so many bytes. */
function disk(room: number) {
  const state = { room, content: "" };
  const output = new LogOutput((bytes) => {
    if (state.room === 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    const written = bytes.subarray(0, state.room);
    state.room -= written.length;
    state.content += Buffer.from(written).toString("latin1");
    return written.length;
  });
  return { state, output };
}

describe("LogOutput", () => {
  it("drops and counts lines while the disk is full, and goes on when it is not", () => {
    const { state, output } = disk(0);
    for (let line = 0; line < 5; line++) output.write(`${line}\n`);
    expect(output.dropped).toBe(5);
    state.room = 100;
    output.write("5\n");
    expect(state.content).toBe("5\n");
    expect(output.dropped).toBe(5);
  });

  it("ends a line that was cut off before it begins another", () => {
    const { state, output } = disk(3);
    output.write("first\n");
    output.write("lost\n");
    expect(state.content).toBe("fir");
    state.room = 100;
    output.write("third\n");
    expect(state.content).toBe("first\nthird\n");
    expect(output.dropped).toBe(1);
  });
});

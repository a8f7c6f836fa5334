import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { programSnippets } from "./program-snippets";

const ASKED = { text: 'Mary\'s "milk" went $HOME \\ `left` – 😀.', beamWidth: 7 };
const [curl, python, typescript] = programSnippets("https://inkling.example", ASKED).map(({ code }) => code);

it("quotes what a shell would read otherwise", () => {
  const printed = spawnSync("sh", ["-c", `curl() { printf '%s' "$5"; }\n${curl}`], { encoding: "utf8" }).stdout;
  expect(JSON.parse(printed)).toEqual({ ...ASKED, variant: "attention" });
});

it("writes the same text in each language", () => {
  for (const code of [python, typescript]) {
    expect(code).toContain("https://inkling.example/api/translation");
    expect(code).toContain(JSON.stringify(ASKED.text));
    expect(code).toContain("7");
  }
});

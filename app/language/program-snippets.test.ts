import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { programSnippets } from "./program-snippets";

const SETTINGS = { text: 'Emma\'s "$HOME"\n\\ `left`.', length: 30, temperature: 0.7, seed: 7 };
const [curl, python, typescript] = programSnippets("https://inkling.example", SETTINGS).map(({ code }) => code);

it("quotes what a shell would read otherwise", () => {
  const printed = spawnSync("sh", ["-c", `curl() { printf '%s' "$5"; }\n${curl}`], { encoding: "utf8" }).stdout;
  expect(JSON.parse(printed)).toEqual(SETTINGS);
});

it("asks for the same in each language", () => {
  for (const code of [python, typescript]) {
    expect(code).toContain("https://inkling.example/api/language");
    expect(code).toContain(JSON.stringify(SETTINGS.text));
  }
});

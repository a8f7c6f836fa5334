import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { programSnippets } from "./program-snippets";

const TEXT = { story: ['Mary\'s "milk" went $HOME.', "Ünï – 😀 \\ `left`."], question: "Where's “Mary”?" };
const [curl, python, typescript] = programSnippets("https://inkling.example", TEXT).map(({ code }) => code);

it("quotes what a shell would read otherwise", () => {
  const printed = spawnSync("sh", ["-c", `curl() { printf '%s' "$5"; }\n${curl}`], { encoding: "utf8" }).stdout;
  expect(JSON.parse(printed)).toEqual(TEXT);
});

it("writes the same story in each language", () => {
  for (const code of [python, typescript]) {
    expect(code).toContain("https://inkling.example/api/stories");
    for (const text of [...TEXT.story, TEXT.question]) expect(code).toContain(JSON.stringify(text));
  }
});

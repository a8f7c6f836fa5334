import { describe, expect, it } from "vitest";
import { programSnippets } from "./program-snippets";

const snippet = (language: string, file: string) =>
  programSnippets("https://inkling.example", file, { beamWidth: 6, count: 2, rerank: false }).find(
    (each) => each.language === language,
  )?.code ?? "";

describe("programSnippets", () => {
  it.each(["curl", "Python", "TypeScript"])("says in %s what is on screen", (language) => {
    const code = snippet(language, "dog.jpg");
    expect(code).toContain("https://inkling.example/api/captioning");
    expect(code).toContain("dog.jpg");
    expect(code).toMatch(/beamWidth\W+6/);
    expect(code).toMatch(/rerank\W+false/);
    expect(code).toMatch(/count\W+2/);
  });

  it("keeps an odd file name in one piece", () => {
    expect(snippet("curl", "it's my dog.jpg")).toContain(`image=@'it'\\''s my dog.jpg'`);
    expect(snippet("Python", 'a "b".jpg')).toContain(String.raw`open("a \"b\".jpg", "rb")`);
  });
});

import { describe, expect, it } from "vitest";
import { programSnippets } from "./program-snippets";

const snippet = (language: string, file: string, question: string) =>
  programSnippets("https://inkling.example", file, question).find((each) => each.language === language)?.code ?? "";

describe("programSnippets", () => {
  it.each(["curl", "Python", "TypeScript"])("says in %s what is on screen", (language) => {
    const code = snippet(language, "dog.jpg", "What is the dog doing?");
    expect(code).toContain("https://inkling.example/api/vqa");
    expect(code).toContain("dog.jpg");
    expect(code).toMatch(/question\W+What is the dog doing\?/);
  });

  it("keeps quotes, and what a shell or a form would read, inside the question", () => {
    expect(snippet("curl", "dog.jpg", "@what's $HOME")).toContain(`--form-string question='@what'\\''s $HOME'`);
    expect(snippet("Python", "dog.jpg", 'a "b"')).toContain(String.raw`"question": "a \"b\""`);
  });
});

import { describe, expect, it } from "vitest";
import { programSnippets } from "./program-snippets";
import type { WritingSettings } from "./settings";

const settings: WritingSettings = {
  text: `It's "so"\n& <so>`,
  dream: false,
  seed: 7,
  style: "round",
  bias: 0.8,
  lineWidth: 40,
};

const snippet = (language: string, ownHand = false, changes: Partial<WritingSettings> = {}) =>
  programSnippets("https://inkling.example", { ...settings, ...changes }, ownHand).find(
    (each) => each.language === language,
  )?.code ?? "";

describe("programSnippets", () => {
  it.each(["curl", "Python", "TypeScript", "HTML"])("says in %s what is on screen", (language) => {
    const code = snippet(language);
    expect(code).toContain("https://inkling.example/api/handwriting");
    expect(code).toMatch(/seed\W+7/);
    expect(code).toMatch(/style\W+round/);
  });

  it("keeps quotes, line breaks and markup inside the text", () => {
    expect(snippet("curl")).toContain(String.raw`'{"text":"It'\''s \"so\"\n& <so>"`);
    expect(snippet("Python")).toContain(String.raw`text="It's \"so\"\n& <so>"`);
    expect(snippet("HTML")).toBe(
      `<img src="https://inkling.example/api/handwriting?text=It%27s+%22so%22%0A%26+%3Cso%3E&amp;seed=7&amp;style=round" alt="It's &quot;so&quot;\n&amp; &lt;so>">`,
    );
  });

  it("leaves the first style to the server, and names the hand of nobody", () => {
    expect(snippet("curl", false, { style: undefined })).not.toContain("style");
    expect(snippet("Python", false, { style: undefined })).toContain("seed=7, bias");
    expect(snippet("Python", false, { style: null })).toContain("style=None");
    expect(snippet("curl", false, { style: null })).toContain('"style":null');
    expect(snippet("HTML", false, { style: null })).toContain("style=none");
  });

  it.each(["curl", "Python", "TypeScript"])("reads one's own hand from a file in %s", (language) => {
    expect(snippet(language, true)).toContain("hand.json");
    expect(snippet(language, true)).toContain("prime");
    expect(snippet(language, true)).not.toContain("round");
  });

  it.each(["curl", "Python", "TypeScript"])("dreams in place of the text in %s, in any hand", (language) => {
    for (const ownHand of [false, true]) {
      const code = snippet(language, ownHand, { dream: true });
      expect(code).toMatch(/dream"?[:=]4\b/);
      expect(code).not.toMatch(/text"?[:=]|lineWidth/);
      expect(code).toContain(ownHand ? "prime" : "round");
    }
  });

  it("has no picture's address for a dream, which no link says", () => {
    expect(snippet("HTML", false, { dream: true })).toBe("");
  });

  it("has no picture's address for one's own hand, which no link says", () => {
    expect(snippet("HTML", true)).toBe("");
  });
});

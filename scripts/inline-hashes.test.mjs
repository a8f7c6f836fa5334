import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hashInlineScripts } from "./inline-hashes.mjs";

const sha256 = (text) => createHash("sha256").update(text).digest("base64");

describe("hashInlineScripts", () => {
  it("hashes each script that stands in the page once, as it stands there", () => {
    const html = `<html><script src="/a.js" async=""></script><script>one("<p>", "&amp;")</script>
      <script id="_R_" nonce="">two()\n</script><script>one("<p>", "&amp;")</script></html>`;
    expect(hashInlineScripts(html)).toEqual([sha256('one("<p>", "&amp;")'), sha256("two()\n")]);
  });

  it("takes a script whose text names a source for one that stands there", () => {
    expect(hashInlineScripts("<script>load({ src='x' })</script>")).toEqual([sha256("load({ src='x' })")]);
  });
});

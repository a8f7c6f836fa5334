import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const text = readFileSync("docs/lecture.md", "utf8");
const quoted = [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

it("names files that exist", () => {
  const files = quoted.filter((code) => /^(app|lib|training|models)\/\S+\.\w+$/.test(code));
  expect(files.length).toBeGreaterThan(15);
  const links = [...text.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path]) => path);
  expect(links.length).toBeGreaterThan(3);
  expect([...files, ...links].filter((path) => !existsSync(path))).toEqual([]);
});

it("names pages that exist", () => {
  const pages = quoted.filter((code) => code.startsWith("/")).map((address) => address.split("?")[0]);
  expect(pages.length).toBeGreaterThan(8);
  expect(pages.filter((page) => !existsSync(`app${page}/page.tsx`))).toEqual([]);
});

import { readdir, readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { OFFLINE_PATH, PAGES } from "./pages";

it("lists every page of the app, and the card of every model", async () => {
  const { models } = JSON.parse(await readFile("models/manifest.json", "utf8"));
  const files = await readdir("app", { recursive: true });
  const routes = files
    .filter((file) => /(^|\/)page\.tsx$/.test(file))
    .map((file) => `/${file.replace(/\/?page\.tsx$/, "")}`)
    .flatMap((route) => (route === "/models/[name]" ? Object.keys(models).map((name) => `/models/${name}`) : [route]));
  expect([...PAGES.map(({ path }) => path), OFFLINE_PATH].sort()).toEqual(routes.sort());
});

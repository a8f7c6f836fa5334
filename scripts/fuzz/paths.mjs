/** What is read by GET: every page and file of the app, and what there is not. */
import { readFile } from "node:fs/promises";

const PAGES = [
  "/",
  "/captioning",
  "/captioning/live",
  "/vqa",
  "/handwriting",
  "/stories",
  "/translation",
  "/language",
  "/cells",
  "/models",
  "/status",
  "/storage",
  "/offline",
];

const API = [
  "/api/health/live",
  "/api/health/ready",
  "/api/models",
  "/api/models/files/manifest.json",
  "/api/models/files/captioning/vocabulary.json",
  "/api/metrics",
  "/api/openapi.json",
  "/api/vqa/vocabulary",
  "/api/handwriting/styles",
  "/v2",
  "/v2/health/live",
  "/v2/health/ready",
  "/v2/models/captioning",
  "/v2/models/captioning/ready",
  "/v2/models/vision-encoder/versions/1",
  "/v2/models/vision-encoder/versions/1/ready",
];

const FILES = [
  "/manifest.webmanifest",
  "/service-worker.js",
  "/icon.svg",
  "/samples/cat.webp",
  "/_next/image?url=%2Fsamples%2Fcat.webp&w=640&q=60",
];

/** Where there is nothing. */
export const ABSENT = ["/api/nothing", "/v2/nothing", "/models/nothing", "/_next/static/nothing.js", "/no-such-page"];

/** @returns {Promise<string[]>} each address that is answered with 200, once the models are loaded */
export async function readPaths() {
  const { models } = JSON.parse(await readFile("models/manifest.json", "utf8"));
  return [...PAGES, ...Object.keys(models).map((name) => `/models/${name}`), ...API, ...FILES];
}

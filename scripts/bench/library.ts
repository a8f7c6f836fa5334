/** What the bench measures of `lib/` outside a server: the entry of the bundle that `load-library.mjs` makes. */
export { createCaptioner } from "@/lib/captioning/pipeline";
export { env } from "@/lib/env";
export { createWriter } from "@/lib/handwriting/pipeline";
export { writeModels } from "@/lib/inference/fixtures/models";
export { createNodeEngine } from "@/lib/inference/node-engine";
export { createRegionEncoder } from "@/lib/vision/encoder";
export { mirrorPixels } from "@/lib/vision/pixels";
export { decodePixels } from "@/lib/vision/pixels.node";
export { createAnswerer } from "@/lib/vqa/pipeline";

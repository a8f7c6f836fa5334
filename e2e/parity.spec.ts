import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import sharp from "sharp";
import { type CaptionOptions, isReranked } from "../lib/captioning/options";
import { type Caption, createCaptioner } from "../lib/captioning/pipeline";
import { InklingError } from "../lib/inference/errors";
import { createNodeEngine } from "../lib/inference/node-engine";
import { createRegionEncoder } from "../lib/vision/encoder";
import { pngBomb } from "../lib/vision/fixtures/png-bomb";
import { mirrorPixels } from "../lib/vision/pixels";
import { decodePixels } from "../lib/vision/pixels.node";
import { createAnswerer, type PhotoAnswer } from "../lib/vqa/pipeline";
import type { Device } from "./fixtures/device";
import { openDevice } from "./fixtures/open-device";
import { launchOptions } from "./fixtures/software-webgpu";

declare const device: Device;

test.use({ launchOptions });

const SAMPLES = "public/samples";
const decode = (page: Page, file: Buffer) => page.evaluate((base64) => device.decode(base64), file.toString("base64"));

const look = (page: Page, on: "wasm" | "webgpu", pixels: number[], { questions, options }: Asked) =>
  page.evaluate(([to, sent, asked, how]) => device.look(to, sent, asked, how), [
    on,
    pixels,
    questions,
    options,
  ] as const);

async function samples(): Promise<{ name: string; file: Buffer; pixels: Float32Array; bytes: number[] }[]> {
  const names = (await readdir(SAMPLES)).filter((name) => name.endsWith(".webp"));
  return Promise.all(
    names.map(async (name) => {
      const file = await readFile(join(SAMPLES, name));
      const { data } = await decodePixels(new Uint8Array(file));
      return { name, file, pixels: data, bytes: Array.from(data, (value) => Math.round(value * 255)) };
    }),
  );
}

const QUESTIONS = [
  "How many people are there?",
  "What color is the background?",
  "Where was this picture taken?",
  "Is there a dog in the picture?",
  "What is the man's hat made of?",
  "zyx qwv",
];

/** What is asked of each photo. */
interface Asked {
  readonly questions: readonly string[];
  readonly options: CaptionOptions;
}

const ALL: Asked = { questions: QUESTIONS, options: { beamWidth: 4, count: 4 } };
/** What a software adapter can answer in a minute. */
const FEW: Asked = { questions: QUESTIONS.slice(0, 2), options: { beamWidth: 2, count: 2, rerank: false } };

interface Seen {
  readonly captions: Caption[];
  readonly answers: PhotoAnswer[];
}

/** The server's models, in this process. */
async function openServer({ questions, options }: Asked): Promise<(pixels: Float32Array) => Promise<Seen>> {
  const engine = createNodeEngine({ modelsDirectory: "models", device: "cpu", threads: 2 });
  const [encoder, captioner] = await Promise.all([createRegionEncoder(engine), createCaptioner(engine)]);
  return async (pixels) => {
    const regions = await encoder.encode([pixels]);
    const mirrored = isReranked(options) ? await encoder.encode([mirrorPixels(pixels)]) : undefined;
    const [captions = []] = await captioner.caption({ regions, mirrored }, [options]);
    const answerer = await createAnswerer(engine, regions.dims[2] as number);
    const asked = questions.map((question) => ({ question, photo: 0, count: 20, attention: true }));
    return { captions, answers: await answerer.answer(await answerer.prepare(regions), asked) };
  };
}

const bestCaption = ({ captions: [first] }: Seen) => first?.text;
const bestAnswers = ({ answers }: Seen) => answers.map(({ answers: [first] }) => first?.text);

/** Over every probability, importance and weight that both give. */
function largestAnswerDifference(ours: readonly PhotoAnswer[], theirs: readonly PhotoAnswer[]): number {
  const probabilities = ({ answers }: PhotoAnswer) =>
    new Map(answers.map(({ text, probability }) => [text, probability]));
  return Math.max(
    ...ours.flatMap((answer, index) => {
      const other = theirs[index] as PhotoAnswer;
      const otherProbabilities = probabilities(other);
      return [
        ...[...probabilities(answer)].map(([text, each]) => Math.abs(each - (otherProbabilities.get(text) ?? 0))),
        ...answer.withoutImage.map(({ probability }, rank) =>
          Math.abs(probability - (other.withoutImage[rank]?.probability as number)),
        ),
        ...answer.questionWords.map(({ importance }, place) =>
          Math.abs(importance - (other.questionWords[place]?.importance as number)),
        ),
        ...(answer.attention as number[]).map((weight, region) =>
          Math.abs(weight - (other.attention?.[region] as number)),
        ),
      ];
    }),
  );
}

function largestDifference(ours: readonly Caption[], theirs: readonly Caption[]): number {
  return Math.max(
    ...ours.flatMap((caption, rank) => [
      Math.abs(caption.logProbability - (theirs[rank] as Caption).logProbability),
      ...caption.tokens.map(({ logProbability }, position) =>
        Math.abs(logProbability - (theirs[rank]?.tokens[position]?.logProbability as number)),
      ),
    ]),
  );
}

test("WebAssembly gives the server's captions and answers from identical pixels, probabilities within 1e-3", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const lookOnServer = await openServer(ALL);
  await openDevice(page);
  const largest = { captions: 0, answers: 0 };
  for (const { name, pixels, bytes } of await samples()) {
    const onServer = await lookOnServer(pixels);
    const onDevice = await look(page, "wasm", bytes, ALL);
    expect(onDevice.provider).toBe("wasm");
    expect(
      onDevice.captions.map(({ text }) => text),
      name,
    ).toEqual(onServer.captions.map(({ text }) => text));
    expect(bestAnswers(onDevice), name).toEqual(bestAnswers(onServer));
    largest.captions = Math.max(largest.captions, largestDifference(onDevice.captions, onServer.captions));
    largest.answers = Math.max(largest.answers, largestAnswerDifference(onDevice.answers, onServer.answers));
  }
  for (const [what, difference] of Object.entries(largest)) {
    test.info().annotations.push({ type: `largest difference of ${what}`, description: difference.toExponential(2) });
    expect(difference).toBeLessThan(1e-3);
  }
});

test("software WebGPU gives the server's captions and answers, probabilities within 2e-2", async ({ page }) => {
  // Two minutes and more on two busy cores.
  test.setTimeout(480_000);
  const lookOnServer = await openServer(FEW);
  await openDevice(page);
  const [{ pixels, bytes } = { pixels: new Float32Array(), bytes: [] }] = await samples();
  const onServer = await lookOnServer(pixels);
  const onDevice = await look(page, "webgpu", bytes, FEW);
  expect([onDevice.provider, onDevice.fallbackReason]).toEqual(["webgpu", undefined]);
  expect(onDevice.captions.map(({ text }) => text)).toEqual(onServer.captions.map(({ text }) => text));
  expect(bestAnswers(onDevice)).toEqual(bestAnswers(onServer));
  const differences = {
    captions: largestDifference(onDevice.captions, onServer.captions),
    answers: largestAnswerDifference(onDevice.answers, onServer.answers),
  };
  for (const [what, difference] of Object.entries(differences)) {
    test.info().annotations.push({ type: `largest difference of ${what}`, description: difference.toExponential(2) });
    expect(difference).toBeLessThan(2e-2);
  }
});

test("the browser decodes the samples nearly as the server does, to the same best caption and answers", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const lookOnServer = await openServer(ALL);
  await openDevice(page);
  for (const { name, file, pixels, bytes } of await samples()) {
    const decoded = await decode(page, file);
    if (!decoded.pixels) throw new Error(`${name}: ${decoded.code}`);
    const differences = decoded.pixels.map((value, index) => Math.abs(value - (bytes[index] as number)));
    expect(differences.reduce((sum, each) => sum + each, 0) / differences.length, name).toBeLessThan(0.05);
    const fromBrowser = await lookOnServer(Float32Array.from(decoded.pixels, (value) => value / 255));
    const fromServer = await lookOnServer(pixels);
    expect(bestCaption(fromBrowser), name).toBe(bestCaption(fromServer));
    expect(bestAnswers(fromBrowser), name).toEqual(bestAnswers(fromServer));
  }
});

test("the browser accepts and refuses what the server does", async ({ page }) => {
  await openDevice(page);
  const photo = sharp(join(SAMPLES, "cat.webp")).resize(400, 300, { fit: "fill" });
  const [jpeg, png, webp, gif, avif] = await Promise.all(
    (["jpeg", "png", "webp", "gif", "avif"] as const).map((format) => photo.clone().toFormat(format).toBuffer()),
  );
  const cut = (file = Buffer.alloc(0)) => file.subarray(0, Math.floor(file.length * 0.6));
  const blank = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: "teal" } })
      .png()
      .toBuffer();
  const files: Record<string, Buffer | undefined> = {
    jpeg,
    png,
    webp,
    gif,
    avif,
    "EXIF-rotated": await photo.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    transparent: await photo.clone().ensureAlpha(0.4).png().toBuffer(),
    "16-bit": await photo.clone().toColourspace("rgb16").png().toBuffer(),
    grey: await photo.clone().greyscale().png().toBuffer(),
    "1-bit": await photo.clone().png({ palette: true, colours: 2 }).toBuffer(),
    CMYK: await photo.clone().toColourspace("cmyk").jpeg().toBuffer(),
    "8×3000": await blank(8, 3000),
    "20000×10": await blank(20_000, 10),
    "1×1": await blank(1, 1),
    "cut JPEG": cut(jpeg),
    "cut PNG": cut(png),
    "cut WebP": cut(webp),
    "cut GIF": cut(gif),
    "cut AVIF": cut(avif),
    bomb: pngBomb(20_000),
    empty: Buffer.alloc(0),
    text: Buffer.from("text"),
    SVG: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>'),
    HEIC: Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"),
    "13 MiB": Buffer.alloc(13 * 2 ** 20),
  };
  for (const [name, file = Buffer.alloc(0)] of Object.entries(files)) {
    const onServer = await decodePixels(new Uint8Array(file)).then(
      ({ width, height }) => ({ width, height }),
      (thrown) => ({ code: InklingError.from(thrown).code }),
    );
    const { pixels: _, ...inBrowser } = await decode(page, file);
    expect.soft(inBrowser, name).toEqual(onServer);
  }
});

/** Every task that a worker serves, on the server and in the browser alike. They run in workers alone. */
import { createFrameCaptioner, type FrameAnswer, type FrameRequest } from "@/lib/captioning/live/frame-captioner";
import { type CaptionOptions, LIVE_OPTIONS } from "@/lib/captioning/options";
import { type Caption, createCaptioner, type EncodedPhotos } from "@/lib/captioning/pipeline";
import { type ChunkResult, type ChunkRow, createChunkWriter } from "@/lib/handwriting/chunk";
import { createWriter } from "@/lib/handwriting/pipeline";
import { preparePrime } from "@/lib/handwriting/prime";
import { createReader } from "@/lib/handwriting/reader";
import type { Prime, Writing, WritingEvent, WritingOptions, WritingTrace } from "@/lib/handwriting/types";
import type { PreparedPrime } from "@/lib/handwriting/writing";
import type { Engine, Tensor, Tensors } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import type { Task, Tasks } from "@/lib/inference/task-runner";
import { createChunkModel, type ChunkResult as TextChunk, type ChunkRow as TextChunkRow } from "@/lib/language/chunk";
import { type Continuation, createLanguageModel, type LanguageRequest } from "@/lib/language/pipeline";
import { createStoryReader, type StoryAnswer, type StoryQuestion } from "@/lib/stories/pipeline";
import { type TranslationRequest, VARIANTS } from "@/lib/translation/options";
import { createTranslator, type Translated } from "@/lib/translation/pipeline";
import { createRegionEncoder, type EncoderName } from "@/lib/vision/encoder";
import { createFrameReader, encodeFrame, type Frame } from "@/lib/vision/frames.browser";
import { SIDE } from "@/lib/vision/pixels";
import {
  type Answerer,
  createAnswerer,
  type PhotoAnswer,
  type PhotoQuestion,
  type PreparedPhoto,
} from "@/lib/vqa/pipeline";

/** One black photo, to run a model once on. */
const BLANK = new Float32Array(3 * SIDE * SIDE);

/** Pixels (float32 [3, 224, 224] a photo, RGB, 0 to 1) to regions (float32 [batch, 49, C]). */
const encode: Task<{ readonly pixels: readonly Float32Array[] }, Tensor> = {
  models: ["vision"],
  async create(engine) {
    const encoder = await createRegionEncoder(engine);
    await encoder.encode([BLANK]);
    return ({ pixels }, { signal }) => encoder.encode(pixels, signal);
  },
};

/** Encoded photos to captions, best first, for each photo. */
const generate: Task<{ readonly photos: EncodedPhotos; readonly options: readonly CaptionOptions[] }, Caption[][]> = {
  models: ["vision", "captioning"],
  async create(engine) {
    const [encoder, captioner] = await Promise.all([createRegionEncoder(engine), createCaptioner(engine)]);
    await captioner.caption({ regions: await encoder.encode([BLANK]) }, [{}]);
    return ({ photos, options }, { signal }) => captioner.caption(photos, options, signal);
  },
};

/** A frame of a live picture to its captions. In browsers alone, like the next; both close the frame. */
const captionFrame = (encoder: EncoderName): Task<FrameRequest<Frame>, FrameAnswer> => ({
  models: [encoder, "captioning"],
  async create(engine) {
    const caption = await createFrameCaptioner(engine, createFrameReader(), encoder);
    const blank = new OffscreenCanvas(SIDE, SIDE);
    blank.getContext("2d");
    await caption({ frame: blank.transferToImageBitmap(), options: LIVE_OPTIONS });
    return async (request, { signal }) => {
      try {
        return await caption(request, signal);
      } finally {
        request.frame.close();
      }
    };
  },
});

/** A frame to a JPEG whose longest side has at most `side` pixels. */
const keepFrame: Task<
  { readonly frame: Frame; readonly side: number },
  { readonly blob: Blob; readonly width: number; readonly height: number }
> = {
  models: [],
  create:
    async () =>
    async ({ frame, side }) => {
      try {
        return await encodeFrame(frame, side);
      } finally {
        frame.close();
      }
    },
};

/** Regions (float32 [photos, 49, C]) to what answers need of each photo. */
const prepare: Task<{ readonly regions: Tensor }, PreparedPhoto[]> = {
  models: ["vision", "vqa"],
  async create(engine) {
    const { answerer } = await warmAnswerer(engine);
    return ({ regions }, { signal }) => answerer.prepare(regions, signal);
  },
};

/** Questions on prepared photos to an answer for each. */
const answer: Task<
  { readonly photos: readonly PreparedPhoto[]; readonly questions: readonly PhotoQuestion[] },
  PhotoAnswer[]
> = {
  models: ["vision", "vqa"],
  async create(engine) {
    const { answerer, photos } = await warmAnswerer(engine);
    await answerer.answer(photos, [{ question: "what is this", photo: 0 }]);
    return ({ photos, questions }, { signal }) => answerer.answer(photos, questions, signal);
  },
};

async function warmAnswerer(engine: Engine): Promise<{ answerer: Answerer; photos: PreparedPhoto[] }> {
  const regions = await (await createRegionEncoder(engine)).encode([BLANK]);
  const answerer = await createAnswerer(engine, regions.dims[2] as number);
  return { answerer, photos: await answerer.prepare(regions) };
}

export interface WritePayload {
  /** Not looked at with `options.dream`. */
  readonly text: string;
  /** `prime` is what `handwriting.prepare` made of one. */
  readonly options: Omit<WritingOptions, "prime"> & { readonly prime?: PreparedPrime };
  /** Whether traces are handed over as well; default false. */
  readonly traced?: boolean;
}

/** What `handwriting.write` hands over before a writing is complete. */
export type WritingPart = WritingEvent | ({ readonly type: "trace" } & WritingTrace);

/** A text to its strokes; what is new comes as parts after each chunk (`WritingPart`). For one who writes alone. */
const write: Task<WritePayload, Writing> = {
  models: ["handwriting"],
  async create(engine) {
    const writer = await createWriter(engine);
    await writer.write("a", { seed: 0, style: null, bias: 5, lineWidth: 10 });
    return ({ text, options, traced = false }, { signal, onPartial }) => {
      const onTrace = (trace: WritingTrace) => onPartial({ type: "trace", ...trace } satisfies WritingPart);
      return writer.write(text, options, { signal, onEvent: onPartial, ...(traced && { onTrace }) });
    };
  },
};

/** Lines, each written on by a chunk. For a server, which writes those of all clients together. */
const writeChunk: Task<readonly ChunkRow[], readonly ChunkResult[]> = {
  models: ["handwriting"],
  async create(engine) {
    const chunks = await createChunkWriter(engine);
    const style = new Float32Array(chunks.styles.sizes.style);
    const noise = { seed: 0, line: 0, attempt: 0, point: 0 };
    await chunks.write([{ text: Int32Array.of(1), style, bias: 0, state: null, given: null, noise, traced: false }]);
    return (rows, { signal }) => chunks.write(rows, signal);
  },
};

/** Ink to what lines go on from; what it says is read where that is not given. */
const preparePrimeTask: Task<Prime, PreparedPrime> = {
  models: ["reading"],
  async create(engine) {
    const reader = await createReader(engine).catch((thrown) => {
      // Ink that comes with its text can be followed without a reader.
      if (thrown instanceof InklingError && thrown.code === "unknown_model") return null;
      throw thrown;
    });
    return (prime, { signal }) => preparePrime(prime, reader, signal);
  },
};

/** One graph as it is, for whoever calls it over the network: that a run fails is taken to be the inputs' fault. */
const runGraph: Task<{ readonly file: string; readonly inputs: Tensors }, Tensors> = {
  models: [],
  async create(engine) {
    return async ({ file, inputs }, { signal }) => {
      const session = await engine.load(file, { signal });
      return await session.run(inputs, signal).catch((cause) => {
        signal.throwIfAborted();
        if (InklingError.from(cause).code !== "internal") throw cause;
        throw new InklingError(
          "invalid_field",
          "The model cannot be run on these inputs.",
          "Send ids and indices that the model knows.",
          { cause },
        );
      });
    };
  },
};

/** Questions about stories to an answer for each. */
const answerStories: Task<readonly StoryQuestion[], StoryAnswer[]> = {
  models: ["stories"],
  async create(engine) {
    const reader = await createStoryReader(engine);
    await reader.answer([{ story: ["Mary went to the kitchen."], question: "Where is Mary?" }]);
    return (questions, { signal }) => reader.answer(questions, signal);
  },
};

/** A text to what follows it; what is new comes as parts after each chunk (`ReadCharacter[]`). For one who writes alone. */
const continueText: Task<LanguageRequest, Continuation> = {
  models: ["language"],
  async create(engine) {
    const model = await createLanguageModel(engine);
    await model.continue({ text: "a", length: 1, seed: 0 });
    return (request, { signal, onPartial }) => model.continue(request, { signal, onPart: onPartial });
  },
};

/** Texts, each read or written on by a chunk. For a server, which does so for all clients together. */
const continueTexts: Task<readonly TextChunkRow[], readonly TextChunk[]> = {
  models: ["language"],
  async create(engine) {
    const model = await createChunkModel(engine);
    await model.advance([{ state: null, given: [0], drawn: 1, seed: 0, place: 0, temperature: 0, units: [] }]);
    return (rows, { signal }) => model.advance(rows, signal);
  },
};

/** Texts to translations of each. */
const translate: Task<readonly TranslationRequest[], Translated[]> = {
  models: ["translation"],
  async create(engine) {
    const translator = await createTranslator(engine);
    await translator.translate(VARIANTS.map((variant) => ({ text: "I am here.", variant, alternatives: 1 })));
    return (requests, { signal }) => translator.translate(requests, signal);
  },
};

export const TASKS = {
  "vision.encode": encode,
  "captioning.generate": generate,
  "captioning.frame": captionFrame("vision"),
  "captioning.quick-frame": captionFrame("live"),
  "vision.keep": keepFrame,
  "vqa.prepare": prepare,
  "vqa.answer": answer,
  "handwriting.write": write,
  "handwriting.chunk": writeChunk,
  "handwriting.prepare": preparePrimeTask,
  "graph.run": runGraph,
  "stories.answer": answerStories,
  "language.continue": continueText,
  "language.chunk": continueTexts,
  "translation.translate": translate,
} satisfies Tasks;

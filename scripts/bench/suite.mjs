/** Every measurement, in an order in which none disturbs another. */
import { measureEager, measureEagerHandwriting, measureEagerQuestions } from "./eager.mjs";
import { measureGemm } from "./gemm.mjs";
import { BIAS, measureFirstInk, measureWriter, measureWritingThroughput, SETTINGS, TEXTS } from "./handwriting.mjs";
import { measureLatency, measureRepeat } from "./latency.mjs";
import { loadLibrary } from "./load-library.mjs";
import { describeMachine, modelBytes } from "./machine.mjs";
import { readSamples } from "./photos.mjs";
import { measureAnswerer, measureQuestions, measureQuestionThroughput, QUESTIONS } from "./questions.mjs";
import { withServer } from "./server.mjs";
import { measureStages } from "./stages.mjs";
import { measureThroughput } from "./throughput.mjs";

/** What the server is asked for: `default` says nothing and re-ranks, the others are what `eager.py` does as well. */
const SEARCHES = {
  default: {},
  greedy: { beamWidth: 1, count: 1 },
  beam: { beamWidth: 4, count: 4, rerank: false },
};

/**
 * @param {{ parts: readonly string[], runs: number, checkpoint?: string }} options
 * @param {AbortSignal} signal
 * @returns what `report.mjs` makes tables of; a part that was left out is absent
 */
export async function measureAll({ parts, runs, checkpoint }, signal) {
  const library = await loadLibrary();
  const samples = await readSamples();
  const options = { runs, signal };
  const result = {
    runs,
    photos: samples.length,
    machine: [
      ...(await describeMachine(library.env.MODELS_DIRECTORY)),
      ["Threads of a worker", library.env.INFERENCE_THREADS],
    ],
  };
  const say = (what) => console.error(`Measuring ${what} …`);

  if (parts.includes("eager")) {
    say("eager PyTorch");
    result.eager = await measureEager(library, samples, { ...options, checkpoint });
  }
  if (parts.includes("encoder")) {
    say("matrix products, the encoder and the beam search");
    result.gemm = await measureGemm(library, options);
    result.stages = await measureStages(library, samples, options);
  }
  if (parts.includes("server") || parts.includes("browser")) {
    await withServer(async (url) => {
      if (parts.includes("server")) {
        say("requests to the server");
        result.latency = {};
        for (const [name, search] of Object.entries(SEARCHES)) {
          result.latency[name] = await measureLatency(url, samples, search, options);
        }
        result.repeat = await measureRepeat(url, samples, options);
        result.throughput = await measureThroughput(url, samples, options);
      }
      if (parts.includes("browser")) {
        say("the page in Chromium");
        const { measureLoads, measurePhotos } = await import("./browser.mjs");
        result.loads = await measureLoads(url, samples, options);
        result.onDevice = await measurePhotos(url, samples, options);
      }
    }, signal);
  }
  if (parts.includes("questions")) {
    say("eager PyTorch's answers to questions");
    const eager = await measureEagerQuestions(library, samples, QUESTIONS, options);
    say("the answerer");
    const answererMs = await measureAnswerer(library, samples, options);
    // A server of its own: the one before has the other measurements' photos in its cache.
    result.questions = await withServer(async (url) => {
      say("questions to the server");
      const latency = await measureQuestions(url, samples, options);
      const throughput = await measureQuestionThroughput(url, samples, options);
      say("questions to the page in Chromium");
      const { measureQuestionsOnDevice } = await import("./browser.mjs");
      return {
        ...latency,
        answererMs,
        throughput,
        onDevice: await measureQuestionsOnDevice(url, samples, QUESTIONS, options),
        eager,
      };
    }, signal);
  }
  if (parts.includes("handwriting")) result.handwriting = await measureHandwriting(library, options, say);
  if (parts.includes("live")) {
    say("live captions in Chromium");
    const { measureLive } = await import("./live.mjs");
    result.live = await withServer((url) => measureLive(url, samples, options), signal);
  }
  return result;
}

async function measureHandwriting(library, options, say) {
  say("eager PyTorch's handwriting");
  const eager = await measureEagerHandwriting(library, { texts: TEXTS, bias: BIAS, settings: SETTINGS }, options);
  say("the writer");
  const writer = await measureWriter(library, options);
  const served = await withServer(async (url) => {
    say("handwriting on the server");
    const firstInk = await measureFirstInk(url, options);
    const throughput = await measureWritingThroughput(url, options);
    say("handwriting on the page in Chromium");
    const { measureWritingOnDevice } = await import("./browser.mjs");
    return { firstInk, throughput, onDevice: await measureWritingOnDevice(url, TEXTS, options) };
  }, options.signal);
  const bytes = await modelBytes(library.env.MODELS_DIRECTORY, "handwriting");
  return { ...served, writer, eager, modelBytes: bytes, texts: TEXTS.length };
}

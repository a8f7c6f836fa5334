/** From what was measured to tables. */
import { median } from "./measure.mjs";
import { handwritingSection, handwritingTargets } from "./report-handwriting.mjs";
import { liveSection, liveTargets } from "./report-live.mjs";
import { milliseconds, percent, ratio, table } from "./table.mjs";

const MULTIPLY_ADDS = "10⁹ multiply-adds/s";

const billions = (value) => (value / 1e9).toFixed(1);

/** The fastest matrix product of a precision that was seen, whoever computed it. */
function arithmeticLimit({ gemm, eager }, precision) {
  const rates = [...(gemm ?? []), ...(eager?.gemm ?? [])].filter((each) => each.precision === precision);
  return Math.max(...rates.map(({ multiplyAddsPerSecond }) => multiplyAddsPerSecond));
}

function limitSection({ gemm, eager }) {
  const rows = (library, rates) =>
    rates.map(({ precision, size, multiplyAddsPerSecond }) => [
      library,
      precision,
      `${size}×${size}`,
      billions(multiplyAddsPerSecond),
    ]);
  return [
    "### Matrix products: the arithmetic limits",
    table(
      ["Library", "Precision", "Size", MULTIPLY_ADDS],
      [...rows("ONNX Runtime", gemm), ...(eager ? rows("PyTorch", eager.gemm) : [])],
    ),
  ];
}

/** Share of a precision's limit that the encoder, which computes in int8, reaches at a batch. */
function shareOfLimit(result, { encodeMs }, precision) {
  return result.eager.encoderMultiplyAdds / (encodeMs / 1000) / arithmeticLimit(result, precision);
}

function encoderSection(result) {
  const { stages, eager } = result;
  const headers = ["Batch", "Encoding, ms a photo", "Beam 4", "Beam 4 / encoding", "Re-ranking adds"];
  const rows = stages.map((stage) => [
    stage.batch,
    milliseconds(stage.encodeMs),
    milliseconds(stage.searchMs),
    ratio(stage.searchMs / stage.encodeMs),
    milliseconds(stage.rerankMs),
    ...(eager
      ? [
          billions(eager.encoderMultiplyAdds / (stage.encodeMs / 1000)),
          percent(shareOfLimit(result, stage, "int8")),
          percent(shareOfLimit(result, stage, "fp32")),
        ]
      : []),
  ]);
  const counted = eager
    ? `The encoder has ${billions(eager.encoderMultiplyAdds)} × 10⁹ multiply-adds a photo; the limit is ${billions(arithmeticLimit(result, "int8"))} × 10⁹ a second in int8, in which it computes, and ${billions(arithmeticLimit(result, "fp32"))} × 10⁹ in fp32.`
    : "Without PyTorch's part the encoder's multiply-adds are not counted.";
  return [
    "### Encoder, beam search and re-ranking by themselves",
    table([...headers, ...(eager ? [`Encoder, ${MULTIPLY_ADDS}`, "Of int8's limit", "Of fp32's limit"] : [])], rows),
    counted,
  ];
}

function serverSection({ latency, repeat, throughput }) {
  const row = (name, { p50, p95, stages }) => [
    name,
    milliseconds(p50),
    milliseconds(p95),
    ...["decode", "encode", "generate"].map((stage) => milliseconds(stages?.[stage] ?? 0)),
  ];
  const [alone] = throughput;
  return [
    "### Server: one request after the other, ms",
    table(
      ["Request", "p50", "p95", "of it decoding", "encoding", "searching"],
      [
        row("a new photo, beam 4 re-ranked (default)", latency.default),
        row("a new photo, beam 4", latency.beam),
        row("a new photo, greedy", latency.greedy),
        row("the same photo again (default)", repeat),
      ],
    ),
    "### Server: clients at once",
    table(
      ["Clients", "Photos/s", "Against one client", "Photos in a batch of the encoder"],
      throughput.map(({ clients, photosPerSecond, meanBatch }) => [
        clients,
        photosPerSecond.toFixed(1),
        ratio(photosPerSecond / alone.photosPerSecond),
        meanBatch.toFixed(1),
      ]),
    ),
  ];
}

function browserSection({ loads, onDevice }) {
  return [
    `### Browser: WebAssembly, Chromium ${loads.version}`,
    table(
      ["From opening the page to the first caption made on the device", "ms"],
      [
        ["cold: nothing downloaded", milliseconds(loads.coldMs)],
        ["warm: runtime and models are there", milliseconds(loads.warmMs)],
      ],
    ),
    table(
      ["Threads", "ms a photo"],
      onDevice.map((each) => [each.threads, milliseconds(each.milliseconds)]),
    ),
  ];
}

/** Eager PyTorch's row for a precision and a width, beside the app's answers to the same. */
function compare({ eager, latency }, precision, beamWidth) {
  const app = beamWidth === 1 ? latency.greedy : latency.beam;
  const row = eager.rows.find((each) => each.precision === precision && each.beamWidth === beamWidth);
  const eagerMs = median(row.milliseconds);
  const names = Object.keys(row.captions);
  return {
    appMs: app.p50,
    eagerMs,
    ratio: eagerMs / app.p50,
    equal: names.filter((name) => row.captions[name] === app.captions[name]).length,
    photos: names.length,
  };
}

function eagerSection(result) {
  const rows = result.eager.rows.map(({ precision, beamWidth }) => {
    const { appMs, eagerMs, ratio: faster, equal, photos } = compare(result, precision, beamWidth);
    const search = beamWidth === 1 ? "greedy" : `beam ${beamWidth}`;
    return [
      `${precision}, ${search}`,
      milliseconds(eagerMs),
      milliseconds(appMs),
      ratio(faster),
      `${equal} of ${photos}`,
    ];
  });
  return [
    `### Against eager PyTorch ${result.eager.torch} (Python ${result.eager.python}), one photo after the other`,
    table(["PyTorch", "its ms a photo", "this app's (API, int8)", "times as fast", "Equal captions"], rows),
  ];
}

/** A row of eager PyTorch's answers beside the app's: how many times as fast, and how many best answers are equal. */
function compareQuestions({ answererMs, cached, answers }, { name, milliseconds: times, answers: theirs }) {
  const eagerMs = median(times);
  const asked = Object.keys(theirs);
  return {
    name,
    eagerMs,
    ratio: eagerMs / answererMs,
    apiRatio: eagerMs / cached.p50,
    equal: asked.filter((key) => theirs[key] === answers[key]).length,
    asked: asked.length,
  };
}

function questionsSection({ questions }) {
  const { first, cached, answererMs, throughput, onDevice, eager } = questions;
  const [alone] = throughput;
  return [
    "### Questions: one after the other, ms",
    table(
      ["Question", "p50", "p95"],
      [
        ["server: the first on a new photo", milliseconds(first.p50), milliseconds(first.p95)],
        ["server: on a photo that is kept", milliseconds(cached.p50), milliseconds(cached.p95)],
        [
          `device (WebAssembly, Chromium ${onDevice.version}): the first on a new photo`,
          milliseconds(onDevice.first),
          "",
        ],
        ["device: on a photo that is kept", milliseconds(onDevice.cached.p50), milliseconds(onDevice.cached.p95)],
      ],
    ),
    `Of the server's ${milliseconds(cached.p50)} ms for a photo that is kept, ${milliseconds(cached.answerMs)} are the model with its way to the worker and back.`,
    "### Questions: clients at once, on photos that are kept",
    table(
      ["Clients", "Questions/s", "Against one client", "Questions in a batch"],
      throughput.map(({ clients, questionsPerSecond, meanBatch }) => [
        clients,
        questionsPerSecond.toFixed(0),
        ratio(questionsPerSecond / alone.questionsPerSecond),
        meanBatch.toFixed(1),
      ]),
    ),
    `### Questions against eager fp32 PyTorch ${eager.torch} (Python ${eager.python}), on photos that are kept`,
    table(
      ["PyTorch", "its ms a question", "this app's", "times as fast", "as a request", "times as fast", "Equal answers"],
      eager.rows.map((row) => {
        const { name, eagerMs, ratio: faster, apiRatio, equal, asked } = compareQuestions(questions, row);
        const inProcess = [milliseconds(answererMs), ratio(faster)];
        return [
          name,
          milliseconds(eagerMs),
          ...inProcess,
          milliseconds(cached.p50),
          ratio(apiRatio),
          `${equal} of ${asked}`,
        ];
      }),
    ),
  ];
}

/** What the project promises, and whether it was kept in this run. */
function targetSection(result) {
  const { stages, eager, latency, repeat } = result;
  const targets = [];
  const add = (what, measured, met) => targets.push([what, measured, met ? "yes" : "no"]);
  if (stages && eager) {
    for (const precision of ["fp32", "int8"]) {
      const best = Math.max(...stages.map((stage) => shareOfLimit(result, stage, precision)));
      const name = `The encoder reaches 50 % of the arithmetic limit of ${precision} at its best batch ≤ 8`;
      add(name, percent(best), best >= 0.5);
    }
  }
  if (stages) {
    const [{ encodeMs, searchMs }] = stages;
    add("Beam 4 takes less time than encoding (batch 1)", ratio(searchMs / encodeMs), searchMs < encodeMs);
  }
  if (repeat) add("A second request skips encoding", milliseconds(repeat.p50), repeat.p50 < latency.default.p50);
  if (eager && latency) {
    for (const beamWidth of [1, 4]) {
      const { ratio: faster, equal, photos } = compare(result, "fp32", beamWidth);
      const name = `${beamWidth === 1 ? "Greedy" : "Beam 4"}: twice as fast as fp32 eager PyTorch, at equal captions`;
      add(name, `${ratio(faster)}, ${equal} of ${photos} equal`, faster >= 2 && equal === photos);
    }
  }
  if (result.questions) {
    const { cached, onDevice, eager } = result.questions;
    add("A question on a kept photo: under 30 ms on the server (p50)", milliseconds(cached.p50), cached.p50 < 30);
    const device = onDevice.cached.p50;
    add("A question on a kept photo: under 100 ms on the device (p50)", milliseconds(device), device < 100);
    for (const row of eager.rows.slice(0, 2)) {
      const { name, ratio: faster, equal, asked } = compareQuestions(result.questions, row);
      const measured = `${ratio(faster)}, ${equal} of ${asked} equal`;
      add(`A question: three times as fast as eager, ${name}`, measured, faster >= 3 && equal === asked);
    }
  }
  if (result.handwriting) for (const target of handwritingTargets(result.handwriting)) add(...target);
  if (result.live) for (const target of liveTargets(result.live)) add(...target);
  return targets.length === 0 ? [] : ["### Targets", table(["Target", "Measured", "Met"], targets)];
}

/**
 * @param result what `measureAll` gives
 * @returns {Record<string, string>} Markdown by topic, for those of which something was measured
 */
export function reportTopics(result) {
  const { questions, handwriting, live, ...captioning } = result;
  const { runs, photos, machine } = result;
  const measured = ["gemm", "eager", "latency", "loads"].some((part) => captioning[part]);
  return {
    ...(measured && { captioning: report(captioning) }),
    ...(questions && { questions: report({ runs, photos, machine, questions }) }),
    ...(handwriting && { handwriting: report({ runs, machine, handwriting }) }),
    ...(live && { live: report({ photos, machine, live }) }),
  };
}

/**
 * @param result of one topic
 * @returns {string} Markdown
 */
function report(result) {
  return [
    table(["Measured on", ""], result.machine),
    describeRuns(result),
    ...(result.gemm ? limitSection(result) : []),
    ...(result.stages ? encoderSection(result) : []),
    ...(result.latency ? serverSection(result) : []),
    ...(result.loads ? browserSection(result) : []),
    ...(result.eager && result.latency ? eagerSection(result) : []),
    ...(result.questions ? questionsSection(result) : []),
    ...(result.handwriting ? handwritingSection(result.handwriting) : []),
    ...(result.live ? liveSection(result.live) : []),
    ...targetSection(result),
  ].join("\n\n");
}

function describeRuns({ runs, photos, handwriting, live }) {
  if (handwriting) return `Medians of ${runs} runs over lines of ${handwriting.texts} texts.`;
  if (live) return `Medians over half a minute before a camera that passes over ${photos} photos (\`public/samples\`).`;
  return `Medians of ${runs} runs over ${photos} photos (\`public/samples\`).`;
}

/** The server's environment variables, validated once: every one that is wrong is named in one error. */
import { availableParallelism } from "node:os";
import { z } from "zod";

const count = (maximum: number) => z.coerce.number().int().min(1).max(maximum);

/** Values with commas between them; none where the variable is not set. */
const list = z
  .string()
  .default("")
  .transform((text) => text.split(",").map((each) => each.trim()))
  .transform((values) => values.filter((value) => value !== ""));

const NO_RANGE = "must hold addresses or subnets such as 10.0.0.0/8, with commas between them";
const NO_ORIGIN = "must hold origins such as https://example.org, with commas between them";

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

const schema = z.object({
  /** `auto` takes CUDA where it works, else WebGPU where there is a graphics processor, else the CPU. */
  INFERENCE_DEVICE: z.enum(["auto", "cpu", "cuda", "webgpu"]).default("auto"),
  /**
   * Servers of the Open Inference Protocol v2 that run the models in place of workers here, with commas between; what stands behind
   * the host has to be the same for all. This server keeps the rest: photos, queues, cache, texts, pages.
   */
  INFERENCE_URL: z
    .string()
    .transform((text) => text.split(",").map((url) => url.trim()))
    .pipe(
      z.array(z.url({ protocol: /^https?$/, error: "must be addresses that begin with http:// or https://" })).min(1),
    )
    .optional(),
  /** Milliseconds that one call to such a server may take. */
  INFERENCE_TIMEOUT_MS: count(3_600_000).default(10_000),
  /**
   * Workers; each holds every model once and runs one batch at a time. Default 1. With `INFERENCE_URL`, batches of each model under
   * way at the same time; default 4.
   */
  INFERENCE_WORKERS: count(64).optional(),
  /** Threads within one worker; default: the machine's cores divided among the workers. */
  INFERENCE_THREADS: count(256).optional(),
  /** Items run together at most. */
  INFERENCE_MAX_BATCH: count(64).default(8),
  /**
   * Milliseconds that an item waits for others to join its batch although a worker is free. Batches form by themselves
   * while the workers are busy; waiting pays only where a batch is much cheaper than its items, as on a GPU.
   */
  INFERENCE_MAX_DELAY_MS: z.coerce.number().min(0).max(1000).default(0),
  /** Requests that may wait, and items that may for one model; one more is answered with `overloaded`. */
  INFERENCE_MAX_QUEUE: count(10_000).default(256),
  /**
   * How many times as long as alone a request may take because of other clients' (`lib/inference/admission.ts`). Beyond that,
   * clients of whom nothing is worked on are answered with `overloaded`.
   */
  INFERENCE_MAX_SLOWDOWN: z.coerce.number().min(1).max(1000).default(1.8),
  /**
   * Milliseconds after which a request is answered with `deadline_exceeded`. One that would wait for more than a third of this is
   * answered with `overloaded` at once.
   */
  REQUEST_DEADLINE_MS: count(3_600_000).default(30_000),
  /**
   * MiB of encoded photos that are kept. What answering a question made of such a photo is kept as long, and takes half as
   * much again.
   */
  REGION_CACHE_MIB: z.coerce.number().int().min(0).max(65_536).default(64),
  /** Requests a minute and client, on average, to what runs a model; no limit where it is not set. */
  RATE_LIMIT_PER_MINUTE: count(1_000_000).optional(),
  /**
   * Where visitors find the app, e.g. `https://inkling.example`: links to its pictures begin with it. Prerendered pages have it
   * from the build.
   */
  SITE_URL: z.url({ protocol: /^https?$/ }).default("http://localhost:3000"),
  /** Requests that a client may send at once; where it is not set, those of a minute. */
  RATE_LIMIT_BURST: count(1_000_000).optional(),
  /**
   * Addresses and subnets (`10.0.0.0/8, ::1`) of the proxies before this server: only what they write into `x-forwarded-for`
   * tells one client from another.
   */
  TRUSTED_PROXIES: list.pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], NO_RANGE))),
  /** Origins (`https://example.org`) whose pages may call the API from a browser; none where it is not set. */
  ALLOWED_ORIGINS: list.pipe(z.array(z.string().refine(isOrigin, NO_ORIGIN))),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** The folder that holds `manifest.json`, from the folder in which the server was started. */
  MODELS_DIRECTORY: z.string().min(1).default("models"),
});

export type Env = z.output<typeof schema> & { readonly INFERENCE_WORKERS: number; readonly INFERENCE_THREADS: number };

/**
 * @param source - e.g. `process.env`; an empty value counts as absent
 * @throws `Error` that names every variable that is wrong and what was expected
 */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(present);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new Error(`Environment variables to correct:\n  ${wrong.join("\n  ")}`);
  }
  const { INFERENCE_URL, INFERENCE_WORKERS = INFERENCE_URL ? 4 : 1, INFERENCE_THREADS } = parsed.data;
  const share = Math.max(1, Math.floor(availableParallelism() / INFERENCE_WORKERS));
  return { ...parsed.data, INFERENCE_WORKERS, INFERENCE_THREADS: INFERENCE_THREADS ?? share };
}

export const env: Env = parseEnv(process.env);

import pino, { type Logger } from "pino";
import { env } from "@/lib/env";
import { LogOutput } from "./log-output";

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingLog?: Logger; inklingLogOutput?: LogOutput };

/** One JSON object a line, on standard output. Neither images nor texts that users send are ever logged. */
export function getLog(): Logger {
  shared.inklingLog ??= pino(
    { level: env.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    getLogOutput(),
  );
  return shared.inklingLog;
}

/** Where the log's lines go. */
export function getLogOutput(): LogOutput {
  shared.inklingLogOutput ??= new LogOutput();
  return shared.inklingLogOutput;
}

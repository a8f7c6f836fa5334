import pino, { type Logger } from "pino";
import { env } from "@/lib/env";

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingLog?: Logger };

/** One JSON object a line, on standard output. Neither images nor texts that users send are ever logged. */
export function getLog(): Logger {
  shared.inklingLog ??= pino({ level: env.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return shared.inklingLog;
}

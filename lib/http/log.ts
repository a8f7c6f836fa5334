import pino, { type Logger } from "pino";
import { env } from "@/lib/env";

/** What waits until there is room on the disk again; more is lost. */
const MAX_UNWRITTEN_BYTES = 2 ** 20;

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingLog?: Logger };

/** One JSON object a line, on standard output. Neither images nor texts that users send are ever logged. */
export function getLog(): Logger {
  shared.inklingLog ??= pino(
    { level: env.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    openOutput(),
  );
  return shared.inklingLog;
}

/** Lines that cannot be written, as to a full disk or a closed pipe, are lost; the server goes on. */
function openOutput(): pino.DestinationStream {
  const output = pino.destination({ dest: 1, sync: true, maxLength: MAX_UNWRITTEN_BYTES });
  output.on("error", () => {});
  return output;
}

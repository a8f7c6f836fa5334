import type { HandwritingEvent } from "@/app/api/handwriting/schema";
import { InklingError } from "@/lib/inference/errors";
import { fetchOwn } from "@/lib/ui/run/fetch-api";
import type { Write, WritingRequest } from "./writer";

/** Writes on the server, whose answer is a stream of JSON lines. */
export const writeOnServer: Write = async (request, signal, onEvent) => {
  const response = await fetchOwn("/api/handwriting", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/x-ndjson" },
    body: JSON.stringify(toBody(request)),
    signal,
  });
  for await (const line of readLines(response)) {
    const said = JSON.parse(line) as HandwritingEvent;
    if (said.type === "error") throw InklingError.fromData(said);
    if (said.type === "result") {
      const { type: _, ...result } = said;
      return result;
    }
    onEvent(said);
  }
  throw new InklingError("internal", "The server stopped in the middle of a line.", "Try again in a moment.");
};

/** A request as the API takes it: a prime stands in place of a style. */
export function toBody({ style, prime, ...rest }: WritingRequest): Record<string, unknown> {
  return prime ? { ...rest, prime } : { ...rest, style };
}

async function* readLines({ body }: Response): AsyncGenerator<string> {
  if (!body) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value = "" } = await reader.read();
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of done ? [...lines, rest] : lines) if (line.trim() !== "") yield line;
    if (done) return;
  }
}

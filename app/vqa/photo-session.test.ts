import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Photo } from "@/lib/ui/photo/photo";
import { PhotoSession } from "./photo-session";

const SHA256 = "ab".repeat(32);

/** What a server would have received, in order: the form's fields, a photo as "photo". */
let received: Record<string, string>[];
let respond: (fields: Record<string, string>) => Response | Promise<Response>;
let aborted: number;

const answered = (question = "") =>
  Response.json({ answers: [{ text: `answer to ${question}`, probability: 1 }], image: { sha256: SHA256 } });
const notCached = () =>
  Response.json({ code: "image_not_cached", detail: "It is unknown.", suggestion: "Send it again." }, { status: 404 });

beforeEach(() => {
  received = [];
  aborted = 0;
  respond = ({ question }) => answered(question);
  vi.stubGlobal("fetch", async (_: string, { body, signal }: { body: FormData; signal: AbortSignal }) => {
    signal.throwIfAborted();
    const fields = Object.fromEntries(
      [...body].map(([name, value]) => [name, typeof value === "string" ? value : "photo"]),
    );
    received.push(fields);
    return await new Promise<Response>((resolve, reject) => {
      signal.addEventListener("abort", () => {
        aborted++;
        reject(signal.reason);
      });
      Promise.resolve(respond(fields)).then(resolve, reject);
    });
  });
});

afterEach(() => vi.unstubAllGlobals());

function openSession() {
  const read = vi.fn(async () => new Blob(["photo"]));
  const photo: Photo = { id: "1", name: "photo.jpg", url: "", width: 10, height: 10, read };
  return { session: new PhotoSession(photo), read };
}

const { signal } = new AbortController();
const textOf = async (response: Promise<{ answers: { text: string }[] }>) => (await response).answers[0]?.text;

describe("asking the server", () => {
  it("sends the photo with the first question alone", async () => {
    const { session, read } = openSession();
    expect(await textOf(session.askServer("one", signal))).toBe("answer to one");
    expect(await textOf(session.askServer("two", signal))).toBe("answer to two");
    expect(received).toEqual([
      { image: "photo", question: "one", attention: "true" },
      { imageSha256: SHA256, question: "two", attention: "true" },
    ]);
    expect(read).toHaveBeenCalledOnce();
  });

  it("sends the photo again where the server no longer knows it", async () => {
    const { session } = openSession();
    await session.askServer("one", signal);
    respond = ({ imageSha256, question }) => (imageSha256 ? notCached() : answered(question));
    expect(await textOf(session.askServer("two", signal))).toBe("answer to two");
    expect(received.map(({ image, imageSha256 }) => image ?? imageSha256)).toEqual(["photo", SHA256, "photo"]);
  });

  it("goes on sending the photo for the next question, when that supersedes the first", async () => {
    const { session } = openSession();
    let finish: (response: Response) => void = () => {};
    respond = ({ imageSha256, question }) =>
      imageSha256
        ? answered(question)
        : new Promise((resolve) => {
            finish = resolve;
          });
    const first = new AbortController();
    const superseded = session.askServer("one", first.signal);
    await vi.waitFor(() => expect(received).toHaveLength(1));
    first.abort();
    await expect(superseded).rejects.toThrow();
    const next = session.askServer("two", signal);
    expect(aborted).toBe(0);
    finish(answered("one"));
    expect(await textOf(next)).toBe("answer to two");
    expect(received.map(({ image, imageSha256 }) => image ?? imageSha256)).toEqual(["photo", SHA256]);
  });

  it("ends what is under way when it is stopped, and can be asked again", async () => {
    const { session } = openSession();
    respond = () => new Promise(() => {});
    const own = new AbortController();
    const stopped = session.askServer("one", own.signal);
    await vi.waitFor(() => expect(received).toHaveLength(1));
    session.stop();
    own.abort();
    await expect(stopped).rejects.toThrow();
    expect(aborted).toBe(1);
    respond = ({ question }) => answered(question);
    expect(await textOf(session.askServer("two", signal))).toBe("answer to two");
  });
});

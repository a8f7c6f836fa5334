"use client";

import { useQuery } from "@tanstack/react-query";
import { postForm } from "@/lib/ui/run/fetch-api";
import type { Place } from "@/lib/ui/run/measured-times";
import type { Device } from "@/lib/ui/run/use-device";
import { suggestQuestions } from "@/lib/vqa/suggestions";
import type { LoadedAnswerer } from "./device-answerer";
import type { PhotoSession } from "./photo-session";

/** An answer to it is a word for what the photo shows, where there is no captioner. */
const SEED = "What is in the picture?";
/** Answers to it that are less probable than this are no words to ask about. */
const LEAST = 0.1;

/**
 * Questions that fit a photo: from the captioner's words on the server, and on this device, from which the photo must not
 * go, from the answers of the question answerer itself.
 *
 * @param known - made in advance, for the samples
 * @param wait - until the visitor's own question has been answered
 * @returns questions that fit every photo until those that fit this one are known
 */
export function useSuggestions(options: {
  session: PhotoSession;
  place: Place;
  device: Device<LoadedAnswerer>;
  known: readonly string[] | undefined;
  wait: boolean;
}): readonly string[] {
  const { session, place, device, known, wait } = options;
  const { data } = useQuery({
    queryKey: ["suggestions", session.photo.id, place],
    enabled: !known && !wait,
    queryFn: async ({ signal }) => {
      if (place === "device") {
        const { answers } = await session.askDevice(await device.load(), SEED, signal);
        const likely = answers.filter(({ probability }, index) => index === 0 || probability >= LEAST);
        return questionsAbout(likely.map(({ text }) => text));
      }
      const { captions } = await postForm<{ captions: { text: string }[] }>(
        "/api/captioning",
        { image: await session.read(signal), rerank: false },
        signal,
      );
      return questionsAbout(captions.map(({ text }) => text));
    },
  });
  return known ?? data ?? EVERY_PHOTO;
}

const questionsAbout = (captions: readonly string[]) => suggestQuestions(captions).map(({ question }) => question);

const EVERY_PHOTO = questionsAbout([]);

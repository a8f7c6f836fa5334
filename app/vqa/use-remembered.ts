"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Photo } from "@/lib/ui/photo/photo";
import { rememberRun } from "@/lib/ui/run/remember";
import type { AnswerRun } from "./use-answer";

/**
 * Keeps answers to finished questions in the history of this device, once each. Examples and what came from the history
 * are not kept.
 *
 * @param run - undefined while the question is typed or being answered
 */
export function useRemembered(
  photo: Photo,
  question: string,
  run: AnswerRun | undefined,
): { skip(run: AnswerRun): void } {
  const client = useQueryClient();
  const kept = useRef(new WeakSet<AnswerRun>());
  useEffect(() => {
    if (!run || run.milliseconds === undefined || kept.current.has(run)) return;
    kept.current.add(run);
    void rememberRun("answers", photo, { question }, run).then(() =>
      client.invalidateQueries({ queryKey: ["history", "answers"] }),
    );
  }, [client, photo, question, run]);
  return { skip: (run) => void kept.current.add(run) };
}

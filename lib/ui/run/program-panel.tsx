"use client";

import { Tabs } from "@base-ui/react/tabs";
import { useSyncExternalStore } from "react";
import { CopyButton } from "../copy-button";
import type { Snippet } from "./snippet";

const subscribeToNothing = () => () => {};

/**
 * The call that gives what is on screen, in several languages.
 *
 * @param snippets - writes them for a server's origin, e.g. `https://inkling.example`
 */
export function ProgramPanel({ snippets: write }: { snippets: (origin: string) => readonly Snippet[] }) {
  const origin = useSyncExternalStore(
    subscribeToNothing,
    () => location.origin,
    () => "",
  );
  const snippets = write(origin);
  return (
    <Tabs.Root defaultValue="curl">
      <div className="flex items-baseline gap-6">
        <Tabs.List aria-label="Language" className="flex gap-5">
          {snippets.map(({ language }) => (
            <Tabs.Tab
              key={language}
              value={language}
              className="border-transparent border-b py-1 text-ink-soft text-sm data-active:border-ink data-active:text-ink"
            >
              {language}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </div>
      {snippets.map(({ language, code }) => (
        <Tabs.Panel key={language} value={language} className="mt-3">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is scrolled by keyboard too */}
          <pre tabIndex={0} className="overflow-x-auto bg-paper-deep p-4 font-mono text-note leading-relaxed">
            {code}
          </pre>
          <CopyButton text={code}>Copy the code</CopyButton>
        </Tabs.Panel>
      ))}
      <p className="mt-2 text-ink-soft text-note">
        No key is needed. What else it takes and answers is in the{" "}
        <a href="/api/openapi.json" className="underlined">
          API description
        </a>
        .
      </p>
    </Tabs.Root>
  );
}

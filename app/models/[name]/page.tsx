import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import Markdown, { defaultUrlTransform } from "react-markdown";
import remarkGfm from "remark-gfm";
import { formatBytes } from "@/lib/ui/format";
import { readModelFiles, totalBytes } from "../model-files";
import { ScoreTable } from "../score-table";

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name } = await params;
  const files = await readModelFiles(name);
  return { title: `The ${name} model`, description: files?.model.description };
}

function Table({ children }: { children?: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard too
    <div tabIndex={0} className="overflow-x-auto">
      <table>{children}</table>
    </div>
  );
}

/** A model card: what the model's folder says, as text and tables. */
export default async function ModelPage({ params }: Props) {
  const { name } = await params;
  const files = await readModelFiles(name);
  if (!files) notFound();
  const { model, card, scores } = files;
  return (
    <article className="mx-auto max-w-3xl">
      <p className="mt-4 text-ink-soft text-sm">
        <Link href="/models" className="underlined">
          Models
        </Link>
      </p>
      {/* The card's own title, where it has one, is the page's. */}
      {!card?.trimStart().startsWith("# ") && <h1 className="mt-2 text-title capitalize">{name}</h1>}
      {card ? (
        <div className="prose-card">
          <Markdown remarkPlugins={[remarkGfm]} urlTransform={toPageUrl} components={{ table: Table }} skipHtml>
            {card}
          </Markdown>
        </div>
      ) : (
        <p className="mt-4">{model.description}</p>
      )}
      {scores.length > 0 && (
        <section aria-labelledby="scores" className="mt-14 border-hairline border-t pt-5">
          <h2 id="scores" className="text-2xl">
            Everything that was measured
          </h2>
          {scores.map((table) => (
            <ScoreTable key={table.data} scores={table} />
          ))}
        </section>
      )}
      <section aria-labelledby="files" className="mt-14 border-hairline border-t pt-5">
        <h2 id="files" className="text-2xl">
          Files
        </h2>
        <ul className="mt-3 text-sm">
          {model.files.map(({ path, bytes, sha256 }) => (
            <li
              key={path}
              className="flex flex-wrap items-baseline justify-between gap-x-6 border-hairline border-t py-2"
            >
              <span>{path}</span>
              <span className="numbers text-ink-soft">{formatBytes(bytes)}</span>
              <code className="w-full break-all text-ink-soft text-note">SHA-256 {sha256}</code>
            </li>
          ))}
        </ul>
        <p className="numbers mt-3 text-ink-soft text-note">
          {formatBytes(totalBytes(model))} altogether. Made at {model.commit.slice(0, 12)} with{" "}
          <code className="break-words">{model.command}</code>
        </p>
      </section>
    </article>
  );
}

/** Cards name each other by their files, as they lie in the repository. */
function toPageUrl(url: string): string {
  const card = /^\.\.\/([a-z][a-z0-9-]*)\/card\.md$/.exec(url);
  return card ? `/models/${card[1]}` : defaultUrlTransform(url);
}

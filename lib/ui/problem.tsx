import type { InklingError } from "@/lib/inference/errors";

/** What went wrong, and what to do about it. */
export function Problem({ error, children }: { error: InklingError; children?: React.ReactNode }) {
  return (
    <div role="alert" className="border-ink border-l-2 pl-4">
      <p className="font-serif text-xl leading-snug">{error.detail}</p>
      <p className="mt-1 text-ink-soft text-sm">{error.suggestion}</p>
      {children}
    </div>
  );
}

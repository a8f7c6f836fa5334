import Link from "next/link";

export function SiteFooter() {
  return (
    <footer className="mx-gutter flex flex-wrap gap-x-8 gap-y-2 border-hairline border-t py-8 text-ink-soft text-note">
      <p className="mr-auto max-w-prose">
        A photo sent to the server is read in memory, answered and forgotten. One run on your device never leaves it.
      </p>
      <p className="flex gap-x-6">
        <Link href="/models" className="underlined">
          Model cards
        </Link>
        <a href="/api/openapi.json" className="underlined">
          API description
        </a>
      </p>
    </footer>
  );
}

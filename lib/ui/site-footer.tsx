import Link from "next/link";

export function SiteFooter() {
  return (
    <footer className="px-gutter pb-24 text-ink-soft text-note lg:pb-8">
      <div className="page-width flex flex-wrap gap-x-8 gap-y-2 border-hairline border-t pt-8">
        <p className="mr-auto max-w-prose">
          A photo sent to the server is answered and never stored. One run on your device never leaves it.
        </p>
        <p className="flex gap-x-6">
          <Link href="/models" prefetch={false} className="underlined">
            Model cards
          </Link>
          <a href="/api/openapi.json" className="underlined">
            API description
          </a>
        </p>
      </div>
    </footer>
  );
}

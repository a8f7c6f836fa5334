import Link from "next/link";
import { SiteCommands } from "./site-commands";

export function SiteFooter() {
  return (
    <footer className="px-gutter pb-24 text-ink-soft text-note lg:pb-8 print:hidden">
      <div className="page-width flex flex-wrap gap-x-8 gap-y-2 border-hairline border-t pt-8">
        <p className="mr-auto max-w-prose">
          What is sent to the server, a photo, a text or your handwriting, is answered and never stored. What runs on
          your device never leaves it.
        </p>
        <div className="flex flex-wrap items-baseline gap-x-6">
          <Link href="/models" prefetch={false} className="underlined py-1">
            Model cards
          </Link>
          <Link href="/storage" prefetch={false} className="underlined py-1">
            Storage
          </Link>
          <a href="/api/openapi.json" className="underlined py-1">
            API description
          </a>
          <Link href="/status" prefetch={false} className="underlined py-1">
            Status
          </Link>
          <SiteCommands />
        </div>
      </div>
    </footer>
  );
}

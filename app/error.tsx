"use client";

import { Button } from "@/lib/ui/button";

export default function ErrorPage() {
  return (
    <div className="page-width py-16">
      <h1 className="text-title">This page stopped working</h1>
      <p className="mt-5 max-w-prose text-ink-soft">
        Nothing was lost on the server, and your history is still on this device. Open the page again; if it stops
        again, remove what is kept of the app on the page “Storage”, or try another browser.
      </p>
      <p className="mt-6 flex flex-wrap items-baseline gap-x-6">
        {/* From the start: a part of the page that could not be loaded is fetched again as well. */}
        <Button look="main" onClick={() => location.reload()}>
          Open it again
        </Button>
        <a href="/storage" className="underlined">
          Storage
        </a>
        <a href="/" className="underlined">
          To the first page
        </a>
      </p>
    </div>
  );
}

"use client";

import { Button } from "@/lib/ui/button";

export default function ErrorPage({ reset }: { reset: () => void }) {
  return (
    <div className="page-width py-16">
      <h1 className="text-title">This page stopped working</h1>
      <p className="mt-5 max-w-prose text-ink-soft">
        Nothing was lost on the server, and your history is still on this device. Open the page again; if it stops
        again, another browser may help.
      </p>
      <Button look="main" className="mt-6" onClick={reset}>
        Open it again
      </Button>
    </div>
  );
}

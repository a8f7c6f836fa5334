"use client";

import type { CaptioningResponse } from "@/app/api/captioning/schema";
import { Button } from "@/lib/ui/button";
import { saveFile } from "@/lib/ui/save-file";

export function SaveResult({ name, response }: { name: string; response: CaptioningResponse }) {
  const file = `${name.replace(/\.\w+$/, "")}.caption.json`;
  return (
    <Button
      look="text"
      onClick={() => saveFile(file, "application/json", `${JSON.stringify({ photo: name, ...response }, null, 2)}\n`)}
    >
      Download JSON
    </Button>
  );
}

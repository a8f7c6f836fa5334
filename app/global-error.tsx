"use client";

/** Shown in place of everything, its frame included: nothing of the app may be relied on here. */
export default function GlobalErrorPage() {
  return (
    <html lang="en">
      <body style={{ fontFamily: "serif", margin: "4rem auto", maxWidth: "40rem", padding: "0 1.5rem" }}>
        <title>Inkling stopped working</title>
        <h1>Inkling stopped working</h1>
        <p>
          Nothing was lost on the server, and your history is still on this device. Open the page again; if it stops
          again, try another browser.
        </p>
        <button type="button" onClick={() => location.reload()}>
          Open it again
        </button>
      </body>
    </html>
  );
}

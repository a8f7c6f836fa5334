import { type ReactNode, ViewTransition } from "react";

/** One page fades into the next; `globals.css` leaves that out under reduced motion. */
export default function Template({ children }: { children: ReactNode }) {
  return (
    <ViewTransition enter="page" exit="page" default="none">
      {children}
    </ViewTransition>
  );
}

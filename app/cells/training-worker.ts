/** The page's Web Worker for training: `use-training.ts` starts it. */
import { serveTraining } from "@/lib/cells/training-service";
import { webEndpoint } from "@/lib/inference/worker-protocol";

// A task of its own, behind the messages that wait.
serveTraining(webEndpoint(self), (work) => setTimeout(work));

/** zod for code that runs in browsers too, without what it would make with `new Function`: the pages' policy refuses that. */
import { z } from "zod";

z.config({ jitless: true });

export { z };

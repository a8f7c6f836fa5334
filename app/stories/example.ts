import type { StoriesResponse } from "@/app/api/stories/schema";
import stored from "./examples.json";
import type { StoryText } from "./story";

/** The story with which the page opens, and what the API answers to it. */
export interface Example extends StoryText {
  readonly response: StoriesResponse;
}

export const EXAMPLE: Example = stored as Example;

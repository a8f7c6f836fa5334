/** The sample photos of `public/samples`, credited in its README.md. */

export interface Sample {
  readonly id: string;
  /** What it shows, written by a person: never by the model. */
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly author: string;
  readonly licence: string;
}

export const SAMPLES: readonly Sample[] = [
  {
    id: "shepherd",
    title: "A German shepherd in grass",
    width: 1024,
    height: 768,
    author: "Hans Kemperman",
    licence: "public domain",
  },
  {
    id: "photographer",
    title: "A man behind a film camera",
    width: 512,
    height: 512,
    author: "Lav Varshney",
    licence: "CC0",
  },
  {
    id: "musicians",
    title: "A mariachi band playing",
    width: 1024,
    height: 680,
    author: "Elidealista",
    licence: "CC0",
  },
  {
    id: "horses",
    title: "A band of horses in a meadow",
    width: 1024,
    height: 664,
    author: "Seth Zeigler",
    licence: "CC0",
  },
  {
    id: "cat",
    title: "A kitten with a ball of wool",
    width: 1024,
    height: 768,
    author: "Loliloli",
    licence: "public domain",
  },
  {
    id: "astronaut",
    title: "The astronaut Eileen Collins",
    width: 512,
    height: 512,
    author: "NASA",
    licence: "public domain",
  },
  {
    id: "window-dogs",
    title: "Two spaniels leaning out of a window",
    width: 682,
    height: 1024,
    author: "Aitzol Berasategi",
    licence: "CC BY 4.0",
  },
  {
    id: "mountains",
    title: "A path in the Picos de Europa",
    width: 1024,
    height: 768,
    author: "Aitzol Berasategi",
    licence: "CC BY 4.0",
  },
  {
    id: "palace",
    title: "Visitors in front of Mysore Palace",
    width: 1024,
    height: 578,
    author: "Shiva sg",
    licence: "public domain",
  },
  {
    id: "coffee",
    title: "A cup of coffee on a wooden table",
    width: 600,
    height: 400,
    author: "Rachel Michetti",
    licence: "CC0",
  },
  {
    id: "rocket",
    title: "A rocket on its launch pad at dusk",
    width: 640,
    height: 427,
    author: "SpaceX",
    licence: "public domain",
  },
  {
    id: "cellar",
    title: "A room with a table, wine and a stool",
    width: 683,
    height: 1024,
    author: "Jakub Mede",
    licence: "CC BY 4.0",
  },
];

export function findSample(id: string): Sample | undefined {
  return SAMPLES.find((sample) => sample.id === id);
}

/** Address of a sample's file. */
export function sampleUrl({ id }: Sample): string {
  return `/samples/${id}.webp`;
}

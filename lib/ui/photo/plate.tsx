import Image from "next/image";
import { AttentionLayer } from "../attention-layer";
import type { Photo } from "./photo";

/** Whether a photo is so tall that what is said about it stands beside it, where there is room. */
export const isUpright = ({ width, height }: Photo) => width / height < 0.85;

/**
 * The photo on screen, as large as fits there with what is said about it, and over it where the model looked.
 *
 * @param attention - [49], row by row; null shows the photo as it is
 * @param opacity - of the attention, 0 to 1
 */
export function Plate({
  photo,
  alt,
  attention,
  opacity,
}: {
  photo: Photo;
  alt: string;
  attention: readonly number[] | null;
  opacity: number;
}) {
  const aspectRatio = photo.width / photo.height;
  return (
    <div
      className="relative max-w-full bg-paper-deep"
      style={{ aspectRatio, width: `calc(max(${isUpright(photo) ? 70 : 60}dvh, 20rem) * ${aspectRatio})` }}
    >
      <Image
        src={photo.url}
        alt={alt}
        width={photo.width}
        height={photo.height}
        unoptimized
        loading="eager"
        fetchPriority="high"
        className="size-full"
      />
      <AttentionLayer attention={attention} opacity={opacity} />
    </div>
  );
}

export interface ImageContents {
  readonly folder: string;
  readonly isService: boolean;
  readonly projects: readonly string[];
  readonly packages: readonly string[];
  /** Packages of the image, as paths: those outside of the bundles. */
  readonly files: readonly string[];
}

export const IMAGES: ReadonlyMap<string, string>;
export function contentsOf(image: string): ImageContents;
export function layOut(out: string): void;
export function sharedBy(contents: readonly ImageContents[]): readonly string[];

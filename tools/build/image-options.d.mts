export interface ImageOptions {
  readonly images: readonly string[];
  readonly tag: string;
  readonly isForRelease: boolean;
  readonly more: readonly string[];
}
export function readImageOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  version: string,
): ImageOptions;

export interface ReleaseState {
  readonly tag: string;
  readonly version: string;
  readonly base: string;
  readonly revision: string;
}
export function faultsOfRelease(state: ReleaseState): readonly string[];

export interface ImageFacts {
  readonly image: string;
  readonly tag: string;
  readonly revision: string;
  readonly created: string;
  readonly source: string;
}
export function labelsOf(facts: ImageFacts): readonly string[];
export function sourceOf(remote: string): string;

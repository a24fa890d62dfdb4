export interface ReleaseRecord {
  readonly arch: string;
  readonly prefix: string;
  readonly tag: string;
  readonly images: Readonly<{ [image: string]: string }>;
}
export function provenanceOf(facts: {
  readonly image: string;
  readonly tag: string;
  readonly revision: string;
  readonly source: string;
  readonly base: string;
  readonly builder: string;
}): object;
export function chartValues(release: {
  readonly prefix: string;
  readonly tag: string;
  readonly digests: Readonly<{ [image: string]: string }>;
}): string;
export function cosignArgs(
  verb: string,
  key: string | undefined,
  args: readonly string[],
): readonly string[];
export function joined(
  records: readonly ReleaseRecord[],
): readonly { readonly image: string; readonly digests: readonly string[] }[];
export function digestIn(text: string): string;

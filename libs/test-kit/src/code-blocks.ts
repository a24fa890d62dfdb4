/** A fenced block of a Markdown text. */
export interface CodeBlock {
  /** What stands behind the fence: `sh run`, `ts`; empty for what a program has written. */
  readonly kind: string;
  readonly code: string;
  /** Of the fence, from 1. */
  readonly line: number;
}

/** In their order. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  return [...markdown.matchAll(/^```([^\n`]*)\n([\s\S]*?)^```$/gm)].map(
    ({ index, 1: kind = '', 2: code = '' }) => ({
      ...{ kind, code },
      line: markdown.slice(0, index).split('\n').length,
    }),
  );
}

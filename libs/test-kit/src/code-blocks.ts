/** A fenced block of a Markdown text. */
interface CodeBlock {
  /** Text after the opening fence: `sh run`, `ts`; empty for program output. */
  readonly kind: string;
  readonly code: string;
  /** Line of the fence, counted from 1. */
  readonly line: number;
}

/** In their order. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  return [...markdown.matchAll(/^```([^\n`]*)\n([\s\S]*?)^```$/gm)].map(
    ({ index, 1: kind = '', 2: code = '' }) => ({
      kind,
      code,
      line: markdown.slice(0, index).split('\n').length,
    }),
  );
}

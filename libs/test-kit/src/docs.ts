import { readFileSync } from 'node:fs';

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

const PAGE = new URL('../../../docs/operations/retention.md', import.meta.url);
const HEADING = '## What is kept how long';

/**
 * Tables listed in the operators' manual for this owner (`intake-api`, `ledger`, `connectors`) and
 * for every service, in order.
 */
export function tablesInDocs(owner: string): string[] {
  const [, after = ''] = readFileSync(PAGE, 'utf8').split(HEADING, 2);
  const [section = ''] = after.split('\n## ', 1);
  return section
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, , of]) => of === owner || of === 'every service')
    .flatMap(([, names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name))
    .sort();
}

/** SQL for the tables of a database without partitions, for comparison with `tablesInDocs`. */
export const TABLES = `
  SELECT c.relname::text AS name FROM pg_class c
   WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname::text COLLATE "C"`;

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

const PAGES = new URL('../../../docs/operations/', import.meta.url);
const HEADING = '## What is kept how long';

/** A page of the operators' manual. */
export function operatorPage(name: string): string {
  return readFileSync(new URL(`${name}.md`, PAGES), 'utf8');
}

/**
 * Returns the texts of the operators' manual about the states of a machine: a row for each limit, and
 * the list of final states.
 */
export function limitTexts(
  machine: string,
  limits: Readonly<Record<string, { minutes: number; movedOnBy: string } | null>>,
): readonly string[] {
  const rows = Object.entries(limits).flatMap(([state, limit]) =>
    limit === null
      ? []
      : [`| ${machine} | \`${state}\` | ${limit.minutes} min | ${limit.movedOnBy} |`],
  );
  const ends = Object.entries(limits).flatMap(([state, limit]) =>
    limit === null ? [`\`${state}\``] : [],
  );
  return ends.length === 0 ? rows : [...rows, `${machine} ${ends.join(', ')}`];
}

/**
 * Tables listed in the operators' manual for this owner (`intake-api`, `ledger`, `connectors`) and
 * for every service, in order.
 */
export function tablesInDocs(owner: string): string[] {
  const [, after = ''] = operatorPage('retention').split(HEADING, 2);
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

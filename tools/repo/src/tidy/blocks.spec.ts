import { codeBlocks } from '@sluice/test-kit';
import { BLOCKS_NOT_RUN } from './blocks-not-run.js';
import { filesLike, read } from './repository.js';

const PAGES = filesLike(/^(README|docs\/(?!adr\/).+)\.md$/);
/** What is shown and not done: what a program has written, data, a wire format, a diagram. */
const SHOWN = ['', 'text', 'json', 'mermaid'];
/** `tools/e2e` runs pages of shell, `tools/examples` compiles TypeScript and runs what is marked so. */
const RUN = ['sh run', 'ts', 'ts run'];
const RUN_PAGES = read('tools/e2e/src/docs-examples.e2e.spec.ts');

interface Block {
  readonly page: string;
  readonly first: string;
  readonly kind: string;
  readonly at: string;
}

const BLOCKS: readonly Block[] = PAGES.flatMap((page) =>
  codeBlocks(read(page))
    .filter(({ kind }) => !SHOWN.includes(kind))
    .map(({ kind, code, line }) => ({
      page,
      kind,
      at: `${page}:${line}`,
      first: code.split('\n').find((text) => text !== '') ?? '',
    })),
);
const notRun = ({ page, first }: Block) =>
  BLOCKS_NOT_RUN.filter((one) => one.page === page && first.startsWith(one.begins));

describe('blocks of code in README and docs', () => {
  it('are run, or compiled, or stand in the list of those that are not, with a reason', () => {
    const unlisted = BLOCKS.filter(
      (block) => !RUN.includes(block.kind) && notRun(block).length === 0,
    );

    expect(BLOCKS.length).toBeGreaterThan(60);
    expect(unlisted.map(({ at }) => at)).toEqual([]);
  });

  it('that are marked as run are on a page that is run', () => {
    const shell = BLOCKS.filter(({ kind }) => kind === 'sh run');

    expect(
      shell.filter(({ page }) => !RUN_PAGES.includes(`'${page}'`)).map(({ at }) => at),
    ).toEqual([]);
  });

  it('that are not run are all there', () => {
    const listed = new Set(BLOCKS.filter(({ kind }) => !RUN.includes(kind)).flatMap(notRun));

    expect(BLOCKS_NOT_RUN.filter((one) => !listed.has(one))).toEqual([]);
  });
});

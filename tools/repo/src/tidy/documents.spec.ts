import { basename, dirname, join, normalize } from 'node:path';
import { FILES, filesLike, read } from './repository.js';

const DOCUMENTS = filesLike(/\.md$/);
const FOLDERS = new Set(
  FILES.flatMap((file) =>
    file.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/')),
  ),
);

describe('documents', () => {
  it.each(DOCUMENTS)('%s links to what exists', (document) => {
    const broken = linksOf(read(document)).filter((link) => !resolves(document, link));

    expect(broken).toEqual([]);
  });

  it('lists every architecture decision in the index, once and in order', () => {
    const decisions = filesLike(/^docs\/adr\/\d{4}-.*\.md$/).map((file) => basename(file));
    const listed = [...read('docs/adr/README.md').matchAll(/^\| \[(\d+)\]\((.*?)\) \|/gm)];

    expect(listed.map(([, , file]) => file)).toEqual([...decisions].sort());
    expect(listed.map(([, number]) => number?.padStart(4, '0'))).toEqual(
      listed.map(([, , file]) => file?.slice(0, 4)),
    );
  });

  it('are all found from docs/README.md, by following links', () => {
    const found = new Set<string>();
    const follow = (document: string): void => {
      if (found.has(document) || !FILES.includes(document)) return;
      found.add(document);
      if (document.endsWith('.md'))
        linksOf(read(document))
          .map((to) => targetOf(document, to))
          .forEach(follow);
    };
    follow('docs/README.md');

    expect(filesLike(/^docs\//).filter((file) => !found.has(file))).toEqual([]);
  });

  it('have at most two sentences over 35 words in a hundred', () => {
    const documents = DOCUMENTS.filter((file) => /^docs\/(?!events\/)|^ARCH/.test(file));
    const sentences = documents.flatMap((file) => sentencesOf(read(file)));
    const long = sentences.filter((words) => words.length > 35);

    expect(long.length / sentences.length).toBeLessThanOrEqual(0.02);
  });

  it('are split into sentences, list items and cells, without code', () =>
    expect(sentencesOf('A `b c` d. E f\n- g\n| h | i |\n```\nj\n```\n')).toEqual([
      ['A', 'name', 'd'],
      ['E', 'f'],
      ['g'],
      ['h'],
      ['i'],
    ]));

  it('has a README for each library, one screen long', () => {
    const long = filesLike(/^libs\/[^/]+\/README\.md$/).filter(
      (file) => read(file).split('\n').length > 60,
    );

    expect(long).toEqual([]);
  });
});

/** Returns the words of each sentence, heading, list item and table cell; code counts as one word. */
function sentencesOf(text: string): readonly (readonly string[])[] {
  return text
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, 'name')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .split(/\n(?=\s*(?:[-*|#>]|\d+\.))|\n\n|[.!?](?=\s)|\|/)
    .map((sentence) => sentence.match(/[\p{L}\p{N}'’-]+/gu) ?? [])
    .map((words) => words.filter((word) => /[\p{L}\p{N}]/u.test(word)))
    .filter((words) => words.length > 0);
}

function linksOf(text: string): readonly string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link ?? '')
    .filter((link) => !/^[a-z]+:/.test(link));
}

function resolves(document: string, link: string): boolean {
  const [, anchor] = link.split('#');
  const target = targetOf(document, link);
  if (!FILES.includes(target)) return FOLDERS.has(target);
  return (
    anchor === undefined || !target.endsWith('.md') || anchorsOf(read(target)).includes(anchor)
  );
}

/** The file or folder that a link leads to. */
function targetOf(document: string, link: string): string {
  const [path = ''] = link.split('#');
  return path === ''
    ? document
    : normalize(join(dirname(document), decodeURIComponent(path))).replace(/\/$/, '');
}

/** GitHub's anchors: lower case, punctuation dropped, blanks as hyphens. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

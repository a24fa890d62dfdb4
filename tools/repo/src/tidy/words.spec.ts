import ts from 'typescript';
import { nodesIn, read } from '../repository.js';
import { filesLike } from './repository.js';
import { OLD_WORDS, wordsOf } from './words.js';

/** Every name in a source, keywords, comments and texts left out. */
function namesIn(file: string): readonly string[] {
  return [
    ...new Set(
      nodesIn(read(file), file)
        .filter(ts.isIdentifier)
        .map(({ text }) => text),
    ),
  ];
}

function oldWordsIn(file: string): string[] {
  const names = [...namesIn(file), ...(file.split('/').slice(2) ?? [])];
  return names.flatMap((name) =>
    wordsOf(name).flatMap((word) =>
      Object.hasOwn(OLD_WORDS, word) ? [`${file}: ${name}; say ${OLD_WORDS[word]}`] : [],
    ),
  );
}

const SOURCES = filesLike(/^(apps|libs|tools)\/[^/]+\/src\/.*\.tsx?$/);

describe('names', () => {
  it('are split into their words', () => {
    expect(wordsOf('toldUnknown')).toEqual(['told', 'unknown']);
    expect(wordsOf('HTTPDoor_keys2.spec')).toEqual(['http', 'door', 'keys2', 'spec']);
  });

  it('are read between the texts of a template, too', () => {
    expect(namesIn('tools/repo/src/tidy/words.spec.ts')).toEqual(
      expect.arrayContaining(['nodesIn', 'OLD_WORDS', 'word']),
    );
  });

  it('are in the words of the glossary', () => {
    expect(SOURCES.length).toBeGreaterThan(500);
    expect(
      SOURCES.filter((file) => !file.startsWith('tools/repo/src/tidy/words')).flatMap(oldWordsIn),
    ).toEqual([]);
  });
});

import ts from 'typescript';
import { filesLike, read } from './repository.js';
import { OLD_WORDS, wordsOf } from './words.js';

/** After one of these a slash divides; elsewhere it begins a regular expression. */
const ENDS_A_VALUE: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.Identifier,
  ts.SyntaxKind.NumericLiteral,
  ts.SyntaxKind.CloseParenToken,
  ts.SyntaxKind.CloseBracketToken,
]);

/** Every name in a source, keywords, comments and texts left out. */
function namesIn(file: string): string[] {
  const scanner = ts.createScanner(
    ts.ScriptTarget.Latest,
    true,
    ts.LanguageVariant.Standard,
    read(file),
  );
  const names = new Set<string>();
  const templates: number[] = [];
  let before = ts.SyntaxKind.Unknown;
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token === ts.SyntaxKind.SlashToken && !ENDS_A_VALUE.has(before)) scanner.reScanSlashToken();
    if (token === ts.SyntaxKind.TemplateHead) templates.push(0);
    else if (token === ts.SyntaxKind.OpenBraceToken && templates.length > 0)
      templates[templates.length - 1]! += 1;
    else if (token === ts.SyntaxKind.CloseBraceToken && templates.length > 0) {
      if (templates.at(-1) !== 0) templates[templates.length - 1]! -= 1;
      else if (scanner.reScanTemplateToken(false) === ts.SyntaxKind.TemplateTail) templates.pop();
    } else if (token === ts.SyntaxKind.Identifier) names.add(scanner.getTokenText());
    before = token;
  }
  return [...names];
}

function oldWordsIn(file: string): string[] {
  const names = [...namesIn(file), ...(file.split('/').slice(2) ?? [])];
  return names.flatMap((name) =>
    wordsOf(name).flatMap((word) =>
      Object.hasOwn(OLD_WORDS, word) ? [`${file}: ${name}; say ${OLD_WORDS[word]}`] : [],
    ),
  );
}

const SOURCES = filesLike(/^(apps|libs|tools)\/[^/]+\/src\/.*\.ts$/);

describe('names', () => {
  it('are split into their words', () => {
    expect(wordsOf('toldUnknown')).toEqual(['told', 'unknown']);
    expect(wordsOf('HTTPDoor_keys2.spec')).toEqual(['http', 'door', 'keys2', 'spec']);
  });

  it('are read between the texts of a template, too', () => {
    expect(namesIn('tools/repo/src/tidy/words.spec.ts')).toEqual(
      expect.arrayContaining(['scanner', 'OLD_WORDS', 'file']),
    );
  });

  it('are in the words of the glossary', () => {
    expect(SOURCES.length).toBeGreaterThan(500);
    expect(
      SOURCES.filter((file) => !file.startsWith('tools/repo/src/tidy/words')).flatMap(oldWordsIn),
    ).toEqual([]);
  });
});

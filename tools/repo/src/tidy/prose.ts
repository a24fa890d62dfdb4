import ts from 'typescript';
import { nodesIn } from '../repository.js';

/** Words that replace the name of a thing; a text with many of them cannot be understood alone. */
const FILLER =
  /^(?:its?|one|that|what|those|whoever|nobody|who|whose|which|this|these|there|they|them|their|(?:some|any|every)(?:thing|body))$/;

/** Phrases that plain technical English avoids. A look-up and the house account are established terms. */
export const REFUSED =
  /\b(?:nobody|whoever|ones? that|what it|unless told|vouch(?:es|ed)?|lets? go|tells?|told|says?|said|look(?:s|ed|ing)?(?!-|\w|\s+up)|stands?|stood|rests|rested|room|house(?! account))\b/i;

/** Beginnings of a comment without a grammatical subject. */
const WITHOUT_SUBJECT = /^(?:What|Whose|Of|Whether|Who|Whoever|That|Where)\b/;

interface Prose {
  readonly comments: number;
  readonly words: number;
  /** Share of fillers among the words, from 0 to 1. */
  readonly fillers: number;
  /** Share of comments without a grammatical subject, from 0 to 1. */
  readonly withoutSubject: number;
}

/** Returns the comments of a TypeScript source as plain text. */
export function commentsOf(source: string): readonly string[] {
  const blocks = [...source.matchAll(/\/\*\*?([\s\S]*?)\*\//g)].map(([, text = '']) =>
    text.replaceAll(/^\s*\*\s?/gm, '').trim(),
  );
  const lines = [...source.matchAll(/(?:^|[\s;,{}()])\/\/ (.*)$/gm)].map(([, text = '']) => text);
  return [...blocks, ...lines];
}

/** Returns the string literals with more than a single word, without the expressions of templates. */
export function textsOf(source: string, file = ''): readonly string[] {
  return nodesIn(source, file)
    .filter(
      (node) => ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node) || ts.isJsxText(node),
    )
    .map(({ text }) => text)
    .filter((text) => text.trim().includes(' '));
}

export function measure(comments: readonly string[]): Prose {
  const words = comments.flatMap(wordsOf);
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return {
    comments: comments.length,
    words: words.length,
    fillers: share(words.filter((word) => FILLER.test(word)).length, words.length),
    withoutSubject: share(
      comments.filter((comment) => WITHOUT_SUBJECT.test(comment)).length,
      comments.length,
    ),
  };
}

/** Names in backquotes count as one word. */
function wordsOf(comment: string): readonly string[] {
  return (
    comment
      .replaceAll(/`[^`]*`/g, 'name')
      .toLowerCase()
      .match(/[a-z']+/g) ?? []
  );
}

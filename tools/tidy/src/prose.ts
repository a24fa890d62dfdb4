/** Words that replace the name of a thing; a text with many of them cannot be understood alone. */
const FILLERS = new Set(
  (
    'it its one that what those whoever nobody who whose which this these there they them their ' +
    'something anything everything somebody anybody everybody'
  ).split(' '),
);

/** Beginnings of a comment without a grammatical subject. */
const WITHOUT_SUBJECT = /^(?:What|Whose|Of|Whether|Who|Whoever|That|Where)\b/;

export interface Prose {
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

export function measure(comments: readonly string[]): Prose {
  const words = comments.flatMap(wordsOf);
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return {
    comments: comments.length,
    words: words.length,
    fillers: share(words.filter((word) => FILLERS.has(word)).length, words.length),
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

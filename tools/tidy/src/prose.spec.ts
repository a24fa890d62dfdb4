import { commentsOf, measure } from './prose.js';
import { filesLike, filesOf, linesLike, PROJECTS, read } from './repository.js';

const MOST_FILLERS = 0.06;
const MOST_WITHOUT_SUBJECT = 0.08;
const SOURCE = /^(?!.*(?:\.spec\.ts|\.migration\.ts|\.d\.ts)$).*\.(?:ts|mts)$/;

describe('comments of the source', () => {
  it.each(PROJECTS.map((project) => [project.name, project] as const))(
    'of %s name the things that they describe',
    (_name, project) => {
      const { fillers, withoutSubject } = measure(
        filesOf(project, SOURCE).flatMap((file) => commentsOf(read(file))),
      );

      expect(fillers).toBeLessThanOrEqual(MOST_FILLERS);
      expect(withoutSubject).toBeLessThanOrEqual(MOST_WITHOUT_SUBJECT);
    },
  );

  it('are measured by words, without the text of code', () => {
    const source = `const url = 'https://x'; // nobody knows it\n/** What \`it\` returns. */\n`;

    expect(commentsOf(source)).toEqual(['What `it` returns.', 'nobody knows it']);
    expect(measure(commentsOf(source))).toEqual({
      comments: 2,
      words: 6,
      fillers: 3 / 6,
      withoutSubject: 1 / 2,
    });
  });

  it('and texts for people use no phrase of the dialect', () => {
    const texts = filesLike(/^(?:apps|libs)\/[^/]+\/src\/.*\.ts$/).filter(
      (file) => SOURCE.test(file) && !/\/(?:testing|testkit)\//.test(file),
    );

    expect(linesLike(texts, /\b(?:unless told|whoever|lets? go on)\b/i)).toEqual([]);
  });
});

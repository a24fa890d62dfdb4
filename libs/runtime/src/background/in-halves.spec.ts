import { inHalves } from './in-halves.js';

describe('inHalves', () => {
  it.each<[string, boolean, readonly (readonly number[])[], readonly string[]]>([
    ['until what fails is alone', false, [[1, 2, 3], [1, 2], [3]], ['1', '2', 'gave up 3']],
    ['only where a smaller part may succeed', true, [[1, 2, 3]], Array(3).fill('gave up 1,2,3')],
  ])(
    'cuts a batch that fails %s, and answers in order',
    async (_what, isShared, parts, answers) => {
      const asked: (readonly number[])[] = [];

      expect(
        await inHalves<number, string>([1, 2, 3], {
          work: (part) => {
            asked.push(part);
            return part.includes(3)
              ? Promise.reject(new Error('three'))
              : Promise.resolve(part.map(String));
          },
          isShared: () => isShared,
          giveUp: (part) => part.map(() => `gave up ${part.join(',')}`),
        }),
      ).toEqual(answers);
      expect(asked).toEqual(parts);
    },
  );
});

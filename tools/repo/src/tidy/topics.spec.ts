import { ALL_TOPICS } from '@sluice/messages';
import { FILES } from './repository.js';

const SAMPLES = 'libs/messages/src/samples';

describe('topics', () => {
  it.each(ALL_TOPICS.map(({ name, types }) => ({ name, types: Object.keys(types) })))(
    '$name has golden samples of each of its types',
    ({ name, types }) => {
      const missing = types.filter((type) => !FILES.includes(`${SAMPLES}/${name}/${type}.json`));

      expect(missing).toEqual([]);
    },
  );

  it('all have samples of known types only', () => {
    const known = ALL_TOPICS.flatMap(({ name, types }) =>
      Object.keys(types).map((type) => `${SAMPLES}/${name}/${type}.json`),
    );

    expect(FILES.filter((file) => file.startsWith(`${SAMPLES}/`) && !known.includes(file))).toEqual(
      [],
    );
  });
});

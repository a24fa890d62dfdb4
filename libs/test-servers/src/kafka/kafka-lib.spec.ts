import { linkJars } from './kafka-lib.js';

describe('linkJars', () => {
  it.each(['/tmp/now!/kafka', '/tmp/now!'])(
    'refuses a folder that Java cannot load from: %s',
    (folder) => {
      expect(() => linkJars(folder, '/jars')).toThrow(
        `Kafka cannot start in ${folder}, because Java takes "!/" for the end of a jar's name`,
      );
    },
  );
});

import { mountsBelow, withDescendants } from './leftovers.js';

describe('what is left of a cluster', () => {
  it('is what a process of it has started, and what that has started in turn', () => {
    const parents = new Map([
      [10, 1],
      [11, 10],
      [12, 11],
      [20, 1],
    ]);

    expect(withDescendants([10], parents)).toEqual([10, 11, 12]);
  });

  it('is what is mounted below its folder, the innermost first', () => {
    const mounts =
      'a /data x\nb /data/node/pods x\nc /data/node/pods/one x\nd /data/node-2/pods x\n';

    expect(mountsBelow(mounts, '/data/node')).toEqual(['/data/node/pods/one', '/data/node/pods']);
  });
});

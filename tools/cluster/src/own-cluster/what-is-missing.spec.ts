import { whatIsMissing, type Machine } from './what-is-missing.js';

const ABLE: Machine = {
  platform: 'linux',
  uid: 0,
  hasProgram: () => true,
  hasPath: () => true,
  isFree: () => Promise.resolve(true),
};

describe('what a machine lacks for a cluster of its own', () => {
  it('is nothing where everything is there', async () => {
    expect(await whatIsMissing(ABLE)).toEqual([]);
  });

  it.each<[string, Partial<Machine>, string]>([
    ['another system', { platform: 'darwin' }, 'a node runs on Linux, and this is darwin'],
    ['an ordinary user', { uid: 1000 }, 'only root may start containers and their network'],
    [
      'a missing program',
      { hasProgram: (name) => name !== 'containerd' },
      'there is no containerd (containerd)',
    ],
    [
      'missing plugins of the network',
      { hasPath: (path) => !path.endsWith('/bridge') },
      'there is no /usr/lib/cni/bridge (containernetworking-plugins)',
    ],
    [
      'missing cgroups',
      { hasPath: (path) => !path.startsWith('/sys') },
      'there are no cgroups in /sys/fs/cgroup',
    ],
    [
      'a node that runs already',
      { isFree: () => Promise.resolve(false) },
      'port 10250 is taken: a kubelet runs here already',
    ],
  ])('is listed in a sentence: %s', async (_what, other, sentence) => {
    expect(await whatIsMissing({ ...ABLE, ...other })).toEqual([sentence]);
  });
});

import { keyRightsIn } from './gateio.start-check.js';

const KEY = 'c5dcfbf1f3a7aaaabbbbccccddddeeee';
const OURS = {
  key: 'c5dcfbf1f3a7*****',
  ip_whitelist: ['192.0.2.7'],
  perms: [
    { name: 'wallet', read_only: true },
    { name: 'withdrawal', read_only: false },
    { name: 'spot', read_only: true },
  ],
};
const OTHER = { key: '0123456789ab*****', ip_whitelist: [], perms: [] };

describe('the rights of our key at Gate.io', () => {
  it('is right where it may withdraw and read, from our addresses, and nothing else', () => {
    const expected = {
      kind: 'rights',
      lacks: [],
      surplus: [],
      isOpenToAll: false,
      endsAt: null,
      untold: null,
    };

    expect(keyRightsIn([OTHER, OURS], KEY)).toEqual(expected);
    expect(keyRightsIn({ ...OURS, key: KEY }, KEY)).toEqual(expected);
  });

  it.each([
    ['withdrawal', [{ name: 'withdrawal', read_only: true }]],
    ['withdrawal', []],
  ])('lacks %s where it has %j', (lack, change) => {
    const perms = [...OURS.perms.filter(({ name }) => name !== 'withdrawal'), ...change];

    expect(keyRightsIn([{ ...OURS, perms }], KEY)).toMatchObject({ lacks: [lack] });
  });

  it('may more than it has to, and from anywhere', () => {
    const perms = [
      { name: 'wallet', read_only: false },
      { name: 'withdrawal', read_only: false },
      { name: 'spot', read_only: true },
      { name: 'futures', read_only: true },
    ];

    expect(keyRightsIn([{ ...OURS, perms, ip_whitelist: [] }], KEY)).toMatchObject({
      lacks: [],
      surplus: ['wallet (to write)', 'futures (to read)'],
      isOpenToAll: true,
    });
  });

  it.each([[[OTHER]], [[]], [null], [{ label: 'FORBIDDEN' }]])('is not in %j', (answer) => {
    expect(keyRightsIn(answer, KEY)).toBeNull();
  });
});

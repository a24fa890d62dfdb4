import { accountsWith } from './accounts-search.js';

const ACCOUNTS = [
  { account_id: '3f0c9d52', name: 'Treasury' },
  { account_id: '7a11c0de', name: 'payroll' },
].map((account) => ({
  ...account,
  keys_share_references: false,
  requires_reference: true,
  created_at: '2026-11-20T08:00:00Z',
  keys: 1,
}));

describe('the search for accounts', () => {
  it('finds a part of a name in any case, and a part of an id', () => {
    expect(accountsWith(' TREAS ', ACCOUNTS).map(({ name }) => name)).toEqual(['Treasury']);
    expect(accountsWith('7A11', ACCOUNTS).map(({ name }) => name)).toEqual(['payroll']);
  });

  it('shows all without a text, and none for a foreign text', () => {
    expect(accountsWith(undefined, ACCOUNTS)).toHaveLength(2);
    expect(accountsWith('nothing', ACCOUNTS)).toEqual([]);
  });
});

import { type AccountMoney, isPowerful, newKeyReason, rotationReason } from './key-orders.js';

describe('a key', () => {
  it.each<[AccountMoney, boolean, string | undefined]>([
    ['none', false, undefined],
    ['none', true, 'further_key_of_account'],
    ['some', false, 'key_of_account_with_money'],
    ['unknown', false, 'key_of_account_with_money'],
  ])('of an account with money: %s, with an earlier key: %s: %s', (money, hasKey, code) => {
    expect(newKeyReason('A', money, hasKey)?.code).toBe(code);
  });

  it.each([
    [['withdraw'], true],
    [['read_balance', 'manage_webhooks'], true],
    [['manage_addresses'], true],
    [['read_balance', 'list_transactions'], false],
  ])('with %j has power: %s', (permissions, is) => {
    expect(isPowerful(permissions)).toBe(is);
    expect(rotationReason('K', permissions)?.code).toBe(is ? 'rotation_of_key' : undefined);
  });
});

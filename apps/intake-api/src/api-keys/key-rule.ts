/** Money of an account, as far as the ledger shows it. `some` includes money that has left. */
export type AccountMoney = 'none' | 'some' | 'unknown';

/** Reason for a second person: a stable code, and a text for the first person. */
export interface KeyReason {
  readonly code: 'key_of_account_with_money' | 'further_key_of_account' | 'rotation_of_key';
  readonly message: string;
}

/**
 * Permissions with which a stranger moves a customer's money, names its recipients, or reads its
 * events elsewhere.
 */
export const POWERFUL = ['withdraw', 'manage_webhooks', 'manage_addresses'] as const;

const POWER = 'may withdraw, manage webhooks or manage addresses';

export function isPowerful(permissions: readonly string[]): boolean {
  return POWERFUL.some((permission) => permissions.includes(permission));
}

/**
 * Returns the reason why a new powerful key needs a second person. Null only for the first such key
 * of an account that never had money.
 */
export function newKeyReason(
  accountId: string,
  money: AccountMoney,
  hasPowerfulKey: boolean,
): KeyReason | null {
  const code = 'key_of_account_with_money';
  switch (money) {
    case 'some':
      return {
        code,
        message: `Account ${accountId} has or had money: a key that ${POWER} takes two people.`,
      };
    case 'unknown':
      return {
        code,
        message: `The ledger did not show the balances of account ${accountId}: a key that ${POWER} takes two people.`,
      };
    case 'none':
      return hasPowerfulKey
        ? {
            code: 'further_key_of_account',
            message: `Account ${accountId} already had a key that ${POWER}: a further one takes two people.`,
          }
        : null;
  }
}

/** Returns the reason why a rotation needs a second person; null for a key without power. */
export function rotationReason(keyId: string, permissions: readonly string[]): KeyReason | null {
  return isPowerful(permissions)
    ? {
        code: 'rotation_of_key',
        message: `Key ${keyId} ${POWER}: its rotation takes two people.`,
      }
    : null;
}

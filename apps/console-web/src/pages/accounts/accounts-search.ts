import type { AccountRowDto } from '@sluice/http-api';

/** Accounts whose name or id contains the text, in the given order. */
export function accountsWith(
  text: string | undefined,
  accounts: readonly AccountRowDto[],
): readonly AccountRowDto[] {
  const wanted = (text ?? '').trim().toLowerCase();
  return accounts.filter(
    ({ account_id, name }) =>
      account_id.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted),
  );
}

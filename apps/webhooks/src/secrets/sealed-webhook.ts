/**
 * Fields bound to the sealed secret of a webhook. If a field differs, the secret does not open: no
 * login with write access to the table can redirect events.
 */
interface SealedMeaning {
  readonly id: string;
  readonly accountId: string;
  readonly url: string;
}

/** Returns the fields in a fixed order. The order must never change. */
export function meaningOf({ id, accountId, url }: SealedMeaning): string {
  return JSON.stringify(['webhook, version 1', id, accountId, url]);
}

/**
 * Returns the bound text of the previous secret, with the end of validity. The sealed previous
 * secret cannot replace any other secret.
 */
export function previousMeaningOf({ id, accountId, url }: SealedMeaning, until: Date): string {
  return JSON.stringify([
    'webhook, version 1, previous secret',
    id,
    accountId,
    url,
    until.toISOString(),
  ]);
}

/** What a webhook's secret is sealed with: in a row with another value it does not open, so no login that writes the table can have events sent elsewhere. */
export interface SealedMeaning {
  readonly id: string;
  readonly accountId: string;
  readonly url: string;
}

/** In one order for all time. */
export function meaningOf({ id, accountId, url }: SealedMeaning): string {
  return JSON.stringify(['webhook, version 1', id, accountId, url]);
}

/** Of the secret of before: it is sealed with the end of its time as well, and takes the place of no other secret. */
export function previousMeaningOf({ id, accountId, url }: SealedMeaning, until: Date): string {
  return JSON.stringify([
    ...['webhook, version 1, previous secret', id, accountId, url],
    until.toISOString(),
  ]);
}

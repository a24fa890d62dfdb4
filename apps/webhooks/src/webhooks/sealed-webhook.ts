/** What a webhook's secret is sealed with: in a row that says anything else it does not open, so nobody who writes the table has its events sent elsewhere. */
export interface SealedMeaning {
  readonly id: string;
  readonly accountId: string;
  readonly url: string;
}

/** In one order for all time. */
export function meaningOf({ id, accountId, url }: SealedMeaning): string {
  return JSON.stringify(['webhook, version 1', id, accountId, url]);
}

/** Whose a delivery has to be, where a customer asks; an operator may see every one. */
export interface DeliveryOwner {
  readonly account?: string | undefined;
  readonly webhook?: string | undefined;
}

export interface OwnedRow {
  readonly webhook_id: string;
  readonly account_id: string;
}

export function isOf({ account, webhook }: DeliveryOwner, row: OwnedRow): boolean {
  return (
    (account === undefined || row.account_id === account) &&
    (webhook === undefined || row.webhook_id === webhook)
  );
}

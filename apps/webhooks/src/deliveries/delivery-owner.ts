/**
 * Required owner of a delivery if a customer sends the request; an operator may see every delivery.
 */
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

import type { Tx } from '@sluice/postgres';
import { countForgedRecord, type RecordSeals } from '@sluice/service-shell';
import { accountPartOf, endsPartOf } from '../address-book/recipient-key.js';

/** Recipient of a payment, for the account that pays. */
export interface PaidRecipient {
  readonly accountId: string;
  readonly recipient: string;
}

/** Payments of an account so far, seen from a recipient. */
interface PaidBefore {
  readonly wasPaid: boolean;
  readonly resemblesPaid: boolean;
}

type Seals = Pick<RecordSeals, 'seal' | 'isSealed'>;

const KIND = 'paid recipient';
/** Rows that a publishing reads and stores at a time. */
const PAGE = 10_000;

/** Key of a recipient in the answer of `readPaid`. */
export function paidKey({ accountId, recipient }: PaidRecipient): string {
  return `${accountId} ${recipient}`;
}

/**
 * Returns what each account has paid to each recipient, and to recipients with a similar address. A
 * row without a valid seal is no proof of a payment, and still warns of a similar address.
 */
export async function readPaid(
  source: Pick<Tx, 'query'>,
  seals: Seals,
  asked: readonly PaidRecipient[],
): Promise<ReadonlyMap<string, PaidBefore>> {
  if (asked.length === 0) return new Map();
  const rows = await source.query<PaidRecipient & { seal: string | null; resembles: boolean }>(
    READ,
    [
      asked.map(({ accountId }) => accountId),
      asked.map(({ recipient }) => recipient),
      asked.map(({ recipient }) => endsPartOf(recipient)),
      asked.map(({ recipient }) => accountPartOf(recipient)),
    ],
  );
  return new Map(
    rows.map(({ seal, resembles, ...paid }) => {
      const wasPaid = seal !== null && seals.isSealed(KIND, fieldsOf(paid), seal);
      if (seal !== null && !wasPaid) countForgedRecord('paid_recipient');
      return [paidKey(paid), { wasPaid, resemblesPaid: resembles }];
    }),
  );
}

const READ = `
  SELECT k.account_id AS "accountId", k.recipient, p.seal,
         k.ends <> '' AND EXISTS (
           SELECT FROM paid_recipient r
            WHERE r.account_id = k.account_id AND r.ends = k.ends AND r.ends <> '' AND left(r.recipient, 32) <> k.account_part) AS resembles
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS k (account_id, recipient, ends, account_part)
    LEFT JOIN paid_recipient p ON p.account_id = k.account_id AND p.recipient = k.recipient`;

/** Remembers recipients of captured holds. */
export function savePaid(tx: Tx, seals: Seals, paid: readonly PaidRecipient[]): void {
  if (paid.length > 0) void insertPaid(tx, seals, paid);
}

/** Remembers the recipients of all captured holds on record. */
export async function fillPaid(tx: Tx, seals: Seals): Promise<void> {
  await tx.query(DECLARE);
  for (;;) {
    const page = await tx.query<PaidRecipient>(`FETCH ${PAGE} FROM paid_recipients`);
    if (page.length === 0) break;
    await insertPaid(tx, seals, page);
  }
  await tx.query('CLOSE paid_recipients');
}

const DECLARE = `
  DECLARE paid_recipients CURSOR FOR
  SELECT DISTINCT account_id AS "accountId", recipient FROM hold WHERE state = 'captured' AND recipient IS NOT NULL`;

async function insertPaid(tx: Tx, seals: Seals, paid: readonly PaidRecipient[]): Promise<void> {
  await tx.query(INSERT, [
    paid.map(({ accountId }) => accountId),
    paid.map(({ recipient }) => recipient),
    paid.map((one) => seals.seal(KIND, fieldsOf(one))),
  ]);
}

const INSERT = `
  INSERT INTO paid_recipient (account_id, recipient, seal)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k (account_id, recipient, seal) ORDER BY account_id, recipient
  ON CONFLICT DO NOTHING`;

function fieldsOf({ accountId, recipient }: PaidRecipient): readonly string[] {
  return [accountId, recipient];
}

import { createHash } from 'node:crypto';
import {
  askedIn,
  type AskedWithdrawal,
  recipientDigest,
  SIGNED_ROUTE,
  type SignedRequest,
} from '@sluice/messages';
import type { Tx } from '@sluice/postgres';
import { intakeCanonical, verifyIntakeEd25519 } from '@sluice/signing';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import type { LedgerCommand, PlaceHoldCommand, RequestBehind } from '../wire/ledger-command.js';
import { amountOf } from '../wire/wire.js';
import { signersInForce, type StoredSigner } from './signers.js';

/** A command's signed request, parsed once per batch for the query. */
interface Candidate {
  readonly signed: SignedRequest;
  readonly asked: AskedWithdrawal | null;
  /** Digest of the signed content: the same content can have many signatures. */
  readonly digest: string;
}

interface UsedRow {
  readonly withdrawal_id: string;
  readonly account_id: string;
  readonly key_id: string;
  readonly client_reference: string | null;
  readonly digest: string;
}

/** Stored data of an order with a valid signature. */
interface Taken extends Candidate {
  readonly command: PlaceHoldCommand;
  readonly isPlaced: boolean;
}

/** Signers of the batch's accounts, and signed requests already used. */
export class SignedOrders {
  private readonly signers: ReadonlyMap<string, readonly StoredSigner[]>;
  private readonly candidates: ReadonlyMap<string, Candidate>;
  /** Withdrawal by the digest or the reference of a used request. */
  private readonly used: Map<string, string>;
  private readonly taken: Taken[] = [];
  private readonly refused = new Map<PlaceHoldCommand, string>();

  constructor(
    private readonly keys: ChainKeys,
    rows: {
      readonly signers: readonly StoredSigner[];
      readonly used: readonly UsedRow[];
      readonly candidates: ReadonlyMap<string, Candidate>;
    },
  ) {
    this.signers = Map.groupBy(rows.signers, ({ accountId }) => accountId);
    this.candidates = rows.candidates;
    this.used = new Map(
      rows.used.flatMap((row) => [
        [digestKey(row.account_id, row.digest), row.withdrawal_id],
        ...(row.client_reference === null
          ? []
          : [
              [
                referenceKey(row.account_id, row.key_id, row.client_reference),
                row.withdrawal_id,
              ] as const,
            ]),
      ]),
    );
  }

  /** True for an unused order signed by the customer, and for accounts without signers. */
  isSigned(command: PlaceHoldCommand, at: string): boolean {
    const signers = this.signers.get(command.data.accountId);
    if (signers === undefined) return true;
    const fault = this.faultOf(command, signers, at);
    if (fault !== null) this.refused.set(command, fault);
    return fault === null;
  }

  /** Returns the request behind the command, for the auditor's own verification. */
  requestOf(command: PlaceHoldCommand): RequestBehind {
    const { accountId, requestProof } = command.data;
    const proof = requestProof === undefined ? {} : { requestProof };
    const signers = this.signers.get(accountId);
    const signed = this.candidates.get(command.id)?.signed;
    if (signers === undefined || signed === undefined) return proof;
    return { ...proof, signedRequest: signed, signers: this.publicKeysOf(signed, signers) };
  }

  private publicKeysOf({ keyId }: SignedRequest, signers: readonly StoredSigner[]): string[] {
    return signersInForce(this.keys, signers).flatMap((signer) =>
      signer.keyId === keyId ? [signer.publicKey] : [],
    );
  }

  /**
   * Uses a signed request up, even if refused; the reference of a refused request may be used
   * again.
   */
  take(command: PlaceHoldCommand, isPlaced: boolean): void {
    const candidate = this.candidates.get(command.id);
    const { accountId, withdrawalId } = command.data;
    if (candidate === undefined || !this.signers.has(accountId) || this.refused.has(command))
      return;
    this.taken.push({ ...candidate, command, isPlaced });
    this.used.set(digestKey(accountId, candidate.digest), withdrawalId);
    const reference = candidate.asked?.clientReference;
    if (isPlaced && typeof reference === 'string')
      this.used.set(referenceKey(accountId, candidate.signed.keyId, reference), withdrawalId);
  }

  save(tx: Tx, at: string): void {
    if (this.taken.length > 0) saveTaken(tx, this.taken, at);
    const refused = [...this.refused];
    if (refused.length > 0)
      void tx.query(
        `INSERT INTO order_case (withdrawal_id, account_id, detail, opened_at)
         SELECT *, $4::timestamptz FROM unnest($1::uuid[], $2::uuid[], $3::text[]) ON CONFLICT DO NOTHING`,
        [
          refused.map(([{ data }]) => data.withdrawalId),
          refused.map(([{ data }]) => data.accountId),
          refused.map(([, fault]) => fault),
          at,
        ],
      );
  }

  private faultOf(
    command: PlaceHoldCommand,
    signers: readonly StoredSigner[],
    at: string,
  ): string | null {
    const candidate = this.candidates.get(command.id);
    if (candidate === undefined) return 'it carries no signed request';
    const { accountId } = command.data;
    const { signed, asked, digest } = candidate;
    const publicKeys = this.publicKeysOf(signed, signers);
    const fault = signedOrderFault(command.data, { signed, asked, publicKeys, at });
    if (fault !== null) return fault;
    const earlier =
      this.used.get(digestKey(accountId, digest)) ??
      this.used.get(referenceKey(accountId, signed.keyId, asked?.clientReference ?? ''));
    return earlier === undefined ? null : `its request was taken before, for ${earlier}`;
  }
}

/** Loads the used requests together with the batch's other queries. */
export async function loadSignedOrders(
  tx: Pick<Tx, 'query'>,
  commands: readonly LedgerCommand[],
  keys: ChainKeys,
  signers: Promise<readonly StoredSigner[]>,
): Promise<SignedOrders> {
  const holds = commands.filter(isPlaceHold);
  const candidates = new Map(
    holds.flatMap((command) => {
      const { signedRequest: signed } = command.data;
      return signed ? [[command.id, candidateOf(signed)] as const] : [];
    }),
  );
  const [of, used] = await Promise.all([
    signers,
    candidates.size === 0 ? [] : tx.query<UsedRow>(USED, usedParams(holds, candidates)),
  ]);
  return new SignedOrders(keys, { signers: of, used, candidates });
}

function isPlaceHold(command: LedgerCommand): command is PlaceHoldCommand {
  return command.type === 'ledger.place-hold.v1';
}

/** Accounts whose signers may have to sign: those of the holds to place. */
export function signingAccounts(commands: readonly LedgerCommand[]): readonly string[] {
  return [...new Set(commands.filter(isPlaceHold).map(({ data }) => data.accountId))];
}

const USED = `
  SELECT withdrawal_id, account_id, key_id, client_reference, encode(digest, 'hex') AS digest FROM signed_order
   WHERE (account_id, digest) IN (SELECT account_id, decode(digest, 'hex') FROM unnest($1::uuid[], $2::text[]) AS k (account_id, digest))
      OR (account_id, key_id, client_reference) IN (SELECT * FROM unnest($1::uuid[], $3::text[], $4::text[]))`;

function usedParams(
  holds: readonly PlaceHoldCommand[],
  candidates: ReadonlyMap<string, Candidate>,
): readonly (readonly (string | null)[])[] {
  const looked = holds.flatMap(({ id, data: { accountId } }) => {
    const candidate = candidates.get(id);
    return candidate ? [{ accountId, ...candidate }] : [];
  });
  return [
    looked.map(({ accountId }) => accountId),
    looked.map(({ digest }) => digest),
    looked.map(({ signed }) => signed.keyId),
    looked.map(({ asked }) => asked?.clientReference ?? null),
  ];
}

function saveTaken(tx: Tx, taken: readonly Taken[], at: string): void {
  void tx.query(
    `INSERT INTO signed_order (withdrawal_id, account_id, key_id, client_reference, digest, request, taken_at)
     SELECT withdrawal_id, account_id, key_id, client_reference, decode(digest, 'hex'), request, $7::timestamptz
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::json[])
         AS k (withdrawal_id, account_id, key_id, client_reference, digest, request)`,
    [
      taken.map(({ command }) => command.data.withdrawalId),
      taken.map(({ command }) => command.data.accountId),
      taken.map(({ signed }) => signed.keyId),
      taken.map(({ asked, isPlaced }) => (isPlaced ? (asked?.clientReference ?? null) : null)),
      taken.map(({ digest }) => digest),
      taken.map(({ signed }) => JSON.stringify(signed)),
      at,
    ],
  );
}

function candidateOf(signed: SignedRequest): Candidate {
  const { timestamp, body } = signed;
  const canonical = intakeCanonical({ ...SIGNED_ROUTE, timestamp, body });
  const digest = createHash('sha256').update(canonical).digest('hex');
  return { signed, asked: askedIn(body), digest };
}

function digestKey(accountId: string, digest: string): string {
  return `digest ${accountId} ${digest}`;
}

function referenceKey(accountId: string, keyId: string, reference: string): string {
  return JSON.stringify(['reference', accountId, keyId, reference]);
}

/** Fields covered by the customer's signature; the fee is the firm's. */
interface SignedFields {
  readonly asset: string;
  readonly payout?: string;
  readonly recipientDigest?: string;
  readonly venue?: string;
}

interface Signature {
  readonly signed: SignedRequest;
  /** Withdrawal requested in the signed body; null if the body contains no withdrawal request. */
  readonly asked: AskedWithdrawal | null;
  /** Public keys of the account's signers in force, for the key id in the signed request. */
  readonly publicKeys: readonly string[];
  readonly at: string;
}

/** Most seconds in the future: intake-api's window plus 30 s for clock differences. */
const AHEAD_SECONDS = 330;
/** Longest age in seconds, for an unavailable ledger; a stolen request is useless afterwards. */
const OLD_SECONDS = 24 * 3_600;

/** Difference between order and signed request; null if the signature covers the order. */
function signedOrderFault(
  order: SignedFields,
  { signed, asked, publicKeys, at }: Signature,
): string | null {
  const { keyId, timestamp, body, signature } = signed;
  if (publicKeys.length === 0) return `no signer of its account is of the key ${keyId}`;
  const request = { ...SIGNED_ROUTE, timestamp, body };
  if (!publicKeys.some((publicKey) => verifyIntakeEd25519(publicKey, request, signature)))
    return `the signature is of no signer of the key ${keyId}`;
  const age = Math.floor(Date.parse(at) / 1_000) - Number(timestamp);
  if (age > OLD_SECONDS) return `it was signed ${age} s ago`;
  if (age < -AHEAD_SECONDS) return `it was signed ${-age} s from now`;
  if (asked === null) return 'the signed body contains no withdrawal request';
  if (asked.clientReference === null) return 'what was signed has no client_reference';
  const differs = differences(order, asked);
  return differs.length === 0 ? null : `what was signed has another ${differs.join(', ')}`;
}

function differences(order: SignedFields, asked: AskedWithdrawal): readonly string[] {
  const { asset, payout, recipientDigest: recipient, venue } = order;
  if (asset !== `${asked.currency}.${asked.network}`) return ['asset'];
  const differs = {
    amount: payout === undefined || !amountOf(payout, asset).equals(amountOf(asked.amount, asset)),
    recipient: recipient !== recipientDigest(asked.destination),
    venue: asked.venue !== null && asked.venue !== venue,
  };
  return Object.entries(differs).flatMap(([field, isOther]) => (isOther ? [field] : []));
}

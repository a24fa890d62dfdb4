import { Injectable } from '@nestjs/common';
import { ApiError, type AwaitedDto, type Caller, type SignerDto } from '@sluice/http-api';
import { Database, type Tx, UnitOfWork } from '@sluice/postgres';
import { Approvals } from '@sluice/service-shell';
import { ChainKeys, type KeyedMac } from '../hash-chain/chain-keys.js';

interface NewSigner {
  readonly accountId: string;
  readonly keyId: string;
  readonly publicKey: string;
}

const ADD = 'add signer';

/** Signers of an account's orders. intake-api cannot add signers, hence cannot forge an order. */
@Injectable()
export class Signers {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly keys: ChainKeys,
    private readonly approvals: Approvals,
  ) {
    approvals.register(ADD, (_target, request, caller) => this.add(request as NewSigner, caller));
  }

  /** Adds a signer with two people. From then on the account accepts signed orders only. */
  add(signer: NewSigner, caller: Caller): Promise<SignerDto | AwaitedDto> {
    return this.unitOfWork.run(async (tx) => {
      await lockAccount(tx, signer.accountId);
      await this.refuseKnown(tx, signer.publicKey);
      const demand = { action: ADD, target: signer.publicKey, request: signer };
      const awaited = await this.approvals.askAsAdministrator(tx, demand, caller);
      if (awaited) return awaited;
      const { requestedBy, approvedBy } = await this.approvals.approve(tx, demand, caller);
      return this.insert(tx, { ...signer, change: 'added', requestedBy, approvedBy });
    });
  }

  /**
   * One person revokes at once: a revocation permits no orders. The account still needs signed
   * orders.
   */
  revoke(accountId: string, publicKey: string, caller: Caller): Promise<SignerDto> {
    return this.unitOfWork.run(async (tx) => {
      await lockAccount(tx, accountId);
      const rows = (await this.rowsOf(tx, accountId)).filter((row) => row.publicKey === publicKey);
      const added = rows.find((row) => row.change === 'added' && isOurs(this.keys, row));
      if (added === undefined) throw ApiError.notFound('This account has no such signer');
      const revoked = rows.find((row) => row.change === 'revoked' && isOurs(this.keys, row));
      if (revoked !== undefined) return viewOf(revoked, false);
      const { keyId } = added;
      return this.insert(tx, {
        accountId,
        keyId,
        publicKey,
        change: 'revoked',
        approvedBy: null,
        requestedBy: caller.name,
      });
    });
  }

  /** Changes of an account's signers, oldest first, with the key's present validity. */
  async list(accountId: string): Promise<SignerDto[]> {
    const rows = await this.rowsOf(this.database, accountId);
    const inForce = new Set(signersInForce(this.keys, rows));
    return rows.map((row) => viewOf(row, inForce.has(row)));
  }

  private rowsOf(source: Pick<Tx, 'query'>, accountId: string): Promise<StoredSigner[]> {
    return source.query<StoredSigner>(
      `SELECT ${SIGNER_COLUMNS} FROM account_signer WHERE account_id = $1 ORDER BY at, change`,
      [accountId],
    );
  }

  /**
   * Refuses a public key added before: signed content names no account, and a shared key would have
   * each order accepted twice.
   */
  private async refuseKnown(tx: Tx, publicKey: string): Promise<void> {
    const rows = await tx.query<StoredSigner>(
      `SELECT ${SIGNER_COLUMNS} FROM account_signer WHERE public_key = $1`,
      [publicKey],
    );
    const known = rows.find((row) => isOurs(this.keys, row));
    if (known !== undefined)
      throw ApiError.conflict(`This public key was added before, to account ${known.accountId}`);
  }

  private async insert(tx: Tx, wished: Omit<SignerChange, 'at'>): Promise<SignerDto> {
    const [row] = await tx.query<{ at: Date }>(
      `SELECT date_trunc('milliseconds', clock_timestamp()) AS at`,
    );
    if (!row) throw new Error('the database returned no time');
    const change = { ...wished, at: row.at };
    const { accountId, keyId, publicKey, at, requestedBy, approvedBy } = change;
    const { keyId: macKeyId, mac } = sealSigner(this.keys, change);
    await tx.query(
      `INSERT INTO account_signer (account_id, key_id, public_key, change, at, requested_by, approved_by, mac_key_id, mac)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, decode($9, 'hex'))`,
      [
        accountId,
        keyId,
        publicKey,
        change.change,
        at.toISOString(),
        requestedBy,
        approvedBy,
        macKeyId,
        mac,
      ],
    );
    return viewOf({ ...change, macKeyId, mac }, change.change === 'added');
  }
}

/** Locks all signer changes, and this account's holds. Throws for an unknown account. */
async function lockAccount(tx: Tx, accountId: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('account signers', 0))`);
  await tx.query(
    'SELECT FROM balance WHERE account_id = $1 ORDER BY account_id, asset FOR UPDATE',
    [accountId],
  );
  if ((await tx.query('SELECT FROM account WHERE id = $1', [accountId])).length === 0)
    throw ApiError.notFound('Account not found');
}

function viewOf(row: StoredSigner, inForce: boolean): SignerDto {
  return {
    account_id: row.accountId,
    key_id: row.keyId,
    public_key: row.publicKey,
    change: row.change,
    in_force: inForce,
    at: row.at.toISOString(),
    requested_by: row.requestedBy,
    approved_by: row.approvedBy,
  };
}

interface SignerChange {
  readonly accountId: string;
  readonly keyId: string;
  /** SPKI in base64. */
  readonly publicKey: string;
  readonly change: 'added' | 'revoked';
  readonly at: Date;
  readonly requestedBy: string;
  /** The second person; a revocation needs none. */
  readonly approvedBy: string | null;
}

export const SIGNER_COLUMNS = `account_id AS "accountId", key_id AS "keyId", public_key AS "publicKey", change, at, requested_by AS "requestedBy",
  approved_by AS "approvedBy", mac_key_id AS "macKeyId", encode(mac, 'hex') AS mac`;

/** Column `signers`: the signers of the accounts, as JSON; null if there are none. */
export const signersOf = (accountsSql: string): string =>
  `(SELECT json_agg(s) FROM (SELECT ${SIGNER_COLUMNS} FROM account_signer WHERE account_id = ANY (${accountsSql}::uuid[])) AS s) AS signers`;

export interface SignersRow {
  readonly signers: readonly (Omit<StoredSigner, 'at'> & { readonly at: string })[] | null;
}

export function signersFrom({ signers }: SignersRow): readonly StoredSigner[] {
  return (signers ?? []).map((row) => ({ ...row, at: new Date(row.at) }));
}

/** Computes the MAC of a row. The database login does not give access to the MAC key. */
function sealSigner(keys: ChainKeys, change: SignerChange): KeyedMac {
  return keys.sign('account signer', fieldsOf(change));
}

/** Returns true if the ledger wrote this row, for the people named in the row. */
export function isOurs(keys: ChainKeys, row: StoredSigner): boolean {
  return keys.verify('account signer', fieldsOf(row), { keyId: row.macKeyId, mac: row.mac });
}

export interface StoredSigner extends SignerChange {
  readonly macKeyId: string;
  readonly mac: string;
}

/** Returns the signers in force: added and not revoked, both by the ledger. */
export function signersInForce(
  keys: ChainKeys,
  rows: readonly StoredSigner[],
): readonly StoredSigner[] {
  const ours = rows.filter((row) => isOurs(keys, row));
  const revoked = new Set(
    ours.filter(({ change }) => change === 'revoked').map(({ publicKey }) => publicKey),
  );
  return ours.filter(({ change, publicKey }) => change === 'added' && !revoked.has(publicKey));
}

function fieldsOf(row: SignerChange): readonly (string | null)[] {
  const { accountId, keyId, publicKey, change, at, requestedBy, approvedBy } = row;
  return [accountId, keyId, publicKey, change, at.toISOString(), requestedBy, approvedBy];
}

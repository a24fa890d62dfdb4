import { Inject, Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { ChainSettings } from '@sluice/evm';
import {
  CONFIG,
  InjectLogger,
  InjectMessageKeys,
  type Logger,
  SelfChecks,
} from '@sluice/service-shell';
import type { KeyRing, MessageKeys } from '@sluice/signing';
import {
  type AskedRecords,
  type NewNonce,
  type NonceHead,
  NonceMemory,
  type NonceRow,
  placeOf,
  type SealedColumns,
  senderKey,
} from './nonce-memory.js';

/** Seals of assigned nonces, under a key that no database holds. */
export class NonceSeals {
  constructor(private readonly ring: KeyRing) {}

  sealed(row: NewNonce, number: bigint): NonceRow {
    const numbered = { ...row, number: `${number}` };
    return { ...numbered, seal: this.ring.sign('signed nonce', fieldsOf(numbered)) };
  }

  isSealed(row: NonceRow): boolean {
    return this.ring.verify('signed nonce', fieldsOf(row), row.seal);
  }

  /** Seals the row again if an older key sealed it; null if the seal has the signing key. */
  renewed(row: NonceRow): NonceRow | null {
    if (this.ring.isOfSigningKey(row.seal)) return null;
    return this.sealed(row, BigInt(row.number));
  }
}

function fieldsOf(row: SealedColumns): readonly (string | null)[] {
  const { chain_id, address, nonce, kind, withdrawal_id, recipient, token, units } = row;
  return [
    chain_id,
    address,
    nonce,
    kind,
    withdrawal_id,
    recipient,
    token,
    units,
    row.gas_asset,
    row.number,
  ];
}

const ALTERED = new Gauge({
  name: 'sluice_signer_records_altered',
  help: 'Set to 1 once the signer finds an altered or missing record of a signed nonce: it then signs nothing. Any value other than 0 is an incident',
});

/**
 * Trust in rows of `signed_nonce`, which the database's owner can rewrite: seals and memory. After
 * the first contradiction the signer signs nothing: an altered row may hide any nonce.
 */
@Injectable()
export class NonceRecords {
  readonly seals: NonceSeals;
  private readonly memory: NonceMemory;
  private readonly closed = new ClosedMemory();
  private found: string | null = null;

  constructor(
    @Inject(CONFIG) { chains }: { readonly chains: readonly ChainSettings[] },
    @InjectMessageKeys() keys: MessageKeys,
    @InjectLogger() private readonly logger: Logger,
    selfChecks: SelfChecks,
  ) {
    this.seals = new NonceSeals(keys.with('ledger'));
    this.memory = new NonceMemory(
      chains.flatMap(({ chainId, wallets }) =>
        wallets.map(({ address }) => ({ chain_id: `${chainId}`, address })),
      ),
    );
    ALTERED.set(0);
    selfChecks.add({
      name: 'records of signed nonces',
      look: () => Promise.resolve({ findings: this.found === null ? [] : [finding(this.found)] }),
    });
  }

  /** Reason against every signature; null if the records are trusted. */
  get fault(): string | null {
    return this.found;
  }

  heads(): readonly NonceHead[] {
    return this.memory.heads();
  }

  /** A reader without locks asks before its query, which may miss a nonce assigned meanwhile. */
  knownAmong(withdrawalIds: readonly string[]): readonly string[] {
    return this.memory.knownAmong(withdrawalIds);
  }

  /** Stops all signatures of this process until its restart. */
  halt(reason: string): void {
    if (this.found !== null) return;
    this.found = reason;
    ALTERED.set(1);
    this.logger.error(
      { reason },
      'the records of signed nonces were altered: the signer signs nothing until an operator has restored the records and restarted the signer',
    );
  }

  /** Verifies and remembers the rows that follow the known heads. */
  accept(heads: readonly NonceHead[], rows: readonly NonceRow[]): void {
    const missing = this.memory.missingHead(heads, rows);
    if (missing !== null) return this.halt(missing);
    this.learn(rows);
  }

  /** Verifies and remembers rows, in the order of their numbers. */
  learn(rows: readonly NonceRow[]): void {
    for (const row of rows) {
      const fault = this.sealFault(row) ?? this.memory.learn(row);
      if (fault !== null) return this.halt(fault);
    }
  }

  /** Verifies rows that decide about a signature or a statement. */
  check(rows: readonly NonceRow[], asked: AskedRecords): void {
    const forged = rows.find((row) => this.sealFault(row) !== null);
    const fault = forged ? this.sealFault(forged) : this.memory.contradictionOf(rows, asked);
    if (fault !== null) this.halt(fault);
  }

  learnClosed(withdrawalIds: readonly string[]): void {
    this.closed.learn(withdrawalIds);
  }

  /** Verifies which of the withdrawals are closed. */
  checkClosed(withdrawalIds: readonly string[], closed: readonly string[]): void {
    const reopened = this.closed.reopened(withdrawalIds, closed);
    if (reopened !== null) this.halt(`the closing of withdrawal ${reopened} is missing`);
  }

  /** Numbers and seals new rows. The caller has locked out other assignments of the addresses. */
  sealed(rows: readonly NewNonce[]): readonly NonceRow[] {
    const heads = new Map<string, bigint>();
    return rows.map((row) => {
      const number = (heads.get(senderKey(row)) ?? this.memory.headOf(row)) + 1n;
      heads.set(senderKey(row), number);
      return this.seals.sealed(row, number);
    });
  }

  private sealFault(row: NonceRow): string | null {
    return this.seals.isSealed(row) ? null : `the row of ${placeOf(row)} has a wrong seal`;
  }
}

function finding(reason: string) {
  return {
    code: 'records-altered',
    wrong: `The signer does not trust its database: ${reason}.`,
    follows:
      'Nothing is signed for any address, and payments of the wallet wait: an altered row may hide a payment, and a second payment would follow.',
    remedy:
      'Find out who changed the database, restore the rows, and restart the signer (docs/operations/runbook.md).',
  };
}

/** Newest closed withdrawals that the process remembers, some 20 MB. */
const REMEMBERED = 200_000;

/**
 * Closed withdrawals known to this process: a payment after the removal of a row would be paid and
 * given back.
 */
export class ClosedMemory {
  private readonly ids = new Set<string>();

  constructor(private readonly remembered = REMEMBERED) {}

  learn(ids: readonly string[]): void {
    for (const id of ids) this.ids.add(id);
    for (const oldest of this.ids) {
      if (this.ids.size <= this.remembered) return;
      this.ids.delete(oldest);
    }
  }

  /** Returns a known withdrawal that is missing among the closed ones; null for none. */
  reopened(asked: readonly string[], closed: readonly string[]): string | null {
    return asked.find((id) => this.ids.has(id) && !closed.includes(id)) ?? null;
  }
}

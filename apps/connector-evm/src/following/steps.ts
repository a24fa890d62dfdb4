import { Injectable } from '@nestjs/common';
import { crashAt, FaultLog } from '@sluice/runtime';
import { Amount, type Asset, destinationOf, type WireDestination } from '@sluice/kernel';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { NATIVE_DECIMALS, textOf, type Fees, type Head, type TransactionKind } from '@sluice/evm';
import type { Hex } from 'viem';
import type { SignatureRequestDto } from '@sluice/signer-api';
import type { Chain } from '../chain/chain.js';
import { WalletEvents } from '../events/wallet-events.js';
import { STORE_SIGNED } from '../lanes/lanes.js';
import {
  type NumberedNonce,
  type PaymentTerms,
  paymentToSign,
  signedRow,
  topUpToSign,
  voidToSign,
} from '../sending/signed-transfers.js';
import { SentNotes } from '../sending/let-go.js';
import { Signer } from '../sending/signer.js';
import type { DecidedNonce } from './chain-look.js';
import { NOTE_SENDING, RAW_OF, TERMS } from './follow-sql.js';

/** Gas of a zero transfer to an address without code. */
const VOID_GAS = 21_000n;

interface ToSign {
  readonly decided: DecidedNonce;
  readonly kind: TransactionKind;
  readonly fees: Fees;
}

interface TermsRow {
  readonly withdrawal_id: string;
  readonly account_id: string;
  readonly asset: Asset;
  readonly amount: string;
  readonly fee: string;
  readonly destination: WireDestination;
  readonly client_reference: string;
  readonly digest: string;
  readonly signer_receipt: string | null;
}

/** Resends, replaces, fills. Signed bytes are stored before sending. */
@Injectable()
export class FollowingSteps {
  private readonly faults: FaultLog;
  private readonly refusals: FaultLog;

  constructor(
    private readonly signer: Signer,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: WalletEvents,
    private readonly sent: SentNotes,
    @InjectLogger() logger: Logger,
  ) {
    this.faults = new FaultLog(logger);
    this.refusals = new FaultLog({ warn: (fields, text) => logger.error(fields, text) });
  }

  async take(chain: Chain, head: Head, decided: readonly DecidedNonce[]): Promise<void> {
    const again = decided.flatMap(({ decision: { step } }) =>
      step.kind === 'resend'
        ? [step.hash]
        : step.kind === 'held_back' && step.again !== null
          ? [step.again]
          : [],
    );
    const signed = await this.sign(chain, head, decided.flatMap(toSign));
    for (const { row, decision } of decided) {
      if (decision.step.kind === 'unreadable')
        this.faults.warn(
          decision.step.hash,
          { address: row.address, nonce: row.nonce, hash: decision.step.hash },
          'no node shows how a final transaction ended: the payment waits',
        );
      if (decision.step.kind === 'held_back')
        this.faults.warn(
          `${row.address} ${row.nonce}`,
          { address: row.address, nonce: row.nonce, cause: decision.step.cause },
          'a transaction needs a higher fee than the fee cap allows and is not replaced',
        );
    }
    await this.send(chain, head, [...again, ...signed]);
  }

  /** Sends stored bytes. The start is recorded first: any node may have them afterwards. */
  async send(chain: Chain, head: Head, hashes: readonly Hex[]): Promise<void> {
    if (hashes.length === 0) return;
    const { network } = chain.settings;
    const stored = await this.unitOfWork.database.query<{ hash: Hex; raw: Hex }>(RAW_OF, [hashes]);
    const raws = new Map(stored.map(({ hash, raw }) => [hash, raw]));
    await this.unitOfWork.database.query(NOTE_SENDING, [network, hashes, head.number]);
    const notes = await Promise.all(
      hashes.map(async (hash) => {
        const raw = raws.get(hash);
        return raw === undefined ? [] : [{ hash, answer: await chain.resend(raw) }];
      }),
    );
    crashAt('wallet.after-replacement');
    await this.sent.keep(notes.flat());
  }

  /**
   * Hashes of the signed and stored transactions. The same commit publishes a replaced payment's
   * hash.
   */
  private async sign(chain: Chain, head: Head, wanted: readonly ToSign[]): Promise<Hex[]> {
    if (wanted.length === 0) return [];
    const { network } = chain.settings;
    const terms = await this.termsOf(wanted);
    const asked = wanted.flatMap((one) => askedOf(network, one, terms));
    const outcomes = await this.signer.signAll(asked.map(({ request }) => request));
    const rows = asked.flatMap(({ numbered, kind, row }, index) => {
      const outcome = outcomes[index];
      if (outcome?.kind === 'signed')
        return [{ signed: signedRow(numbered, kind, outcome), of: row.withdrawal_id }];
      this.refusals.warn(
        `${row.address} ${row.nonce}`,
        { network, address: row.address, nonce: row.nonce, kind, message: outcome?.message },
        'the signer refused a transaction that is needed to use a nonce: the request will be repeated',
      );
      return [];
    });
    const signed = rows.map((row) => row.signed);
    const replaced = rows.flatMap(({ signed: { hash: txHash, kind }, of: withdrawalId }) =>
      kind === 'payment' && withdrawalId !== null
        ? [{ withdrawalId, txHash, blockNumber: null }]
        : [],
    );
    if (signed.length > 0)
      await this.unitOfWork.run(async (tx) => {
        await tx.query(STORE_SIGNED, [network, JSON.stringify(signed)]);
        if (replaced.length > 0)
          tx.publish(...this.events.blockSeen(network, head.number, replaced));
      });
    return signed.map(({ hash }) => hash as Hex);
  }

  private async termsOf(wanted: readonly ToSign[]): Promise<ReadonlyMap<string, PaymentTerms>> {
    const ids = wanted.flatMap(({ kind, decided: { row } }) =>
      kind === 'payment' && row.withdrawal_id !== null ? [row.withdrawal_id] : [],
    );
    if (ids.length === 0) return new Map();
    const rows = await this.unitOfWork.database.query<TermsRow>(TERMS, [ids]);
    return new Map(rows.map((row) => [row.withdrawal_id, termsOf(row)]));
  }
}

function toSign(decided: DecidedNonce): ToSign[] {
  const { step } = decided.decision;
  if (step.kind === 'replace') return [{ decided, kind: step.as, fees: step.fees }];
  return step.kind === 'fill' ? [{ decided, kind: 'void', fees: step.fees }] : [];
}

interface AskedSignature {
  readonly numbered: NumberedNonce;
  readonly kind: TransactionKind;
  readonly row: DecidedNonce['row'];
  readonly request: SignatureRequestDto;
}

/** Empty for a payment without an order. */
function askedOf(
  network: string,
  { decided: { row, open }, kind, fees }: ToSign,
  terms: ReadonlyMap<string, PaymentTerms>,
): AskedSignature[] {
  const numbered: NumberedNonce = {
    network,
    from: row.address,
    nonce: open.nonce,
    ...fees,
    gasLimit: kind === 'void' ? VOID_GAS : BigInt(row.transactions.at(-1)?.gas_limit ?? 0),
  };
  const request = requestOf(kind, numbered, row, terms);
  return request === null ? [] : [{ numbered, kind, row, request }];
}

function requestOf(
  kind: TransactionKind,
  numbered: NumberedNonce,
  row: DecidedNonce['row'],
  terms: ReadonlyMap<string, PaymentTerms>,
): SignatureRequestDto | null {
  if (kind === 'void') return voidToSign(numbered);
  if (kind === 'top_up')
    return topUpToSign(numbered, row.recipient, textOf(BigInt(row.amount), NATIVE_DECIMALS));
  const order = terms.get(row.withdrawal_id ?? '');
  return order === undefined ? null : paymentToSign(numbered, order);
}

function termsOf(row: TermsRow): PaymentTerms {
  return {
    withdrawalId: row.withdrawal_id,
    accountId: row.account_id,
    asset: row.asset,
    amount: Amount.of(row.amount, row.asset),
    fee: Amount.of(row.fee, row.asset),
    destination: destinationOf(row.destination),
    clientReference: row.client_reference,
    digest: row.digest,
    signerReceipt: row.signer_receipt,
  };
}

import type { Body, Envelope, ledgerCommands, ledgerEvents, Message } from '@sluice/messages';

/** What `ledger.commands` carries. */
export type TopicCommand = Message<typeof ledgerCommands>;

/** What stops an account, and lets it go on. As what moves money, a person asks for it at the admin API, and no topic carries it. */
type FreezeBody =
  | {
      readonly type: 'ledger.freeze-account.v1';
      /** `freezeId` names the case behind it; an account may have several. */
      readonly data: {
        readonly accountId: string;
        readonly freezeId: string;
        readonly reason: string;
      };
    }
  | {
      readonly type: 'ledger.unfreeze-account.v1';
      readonly data: { readonly accountId: string; readonly freezeId: string };
    };

/** What moves money into the book or about it without a withdrawal. */
export type MoneyBody =
  | {
      readonly type: 'ledger.fund-account.v1';
      /** `reference` makes it idempotent per account; `effectiveAt` is when the deposit counts, where that is not when it is recorded. */
      readonly data: {
        readonly accountId: string;
        readonly asset: string;
        readonly amount: string;
        readonly reference: string;
        readonly effectiveAt?: string | null;
      };
    }
  | {
      readonly type: 'ledger.transfer-funds.v1';
      /** `accountId` is whose business it is: a customer's account on either side must be this one. */
      readonly data: {
        readonly accountId: string;
        readonly from: string;
        readonly to: string;
        readonly asset: string;
        readonly amount: string;
        readonly reference: string;
      };
    }
  | {
      readonly type: 'ledger.reverse-entry.v1';
      readonly data: {
        readonly accountId: string;
        readonly entryId: string;
        readonly reason: string;
      };
    };

/** Who has ordered that money moves, and what that rests on: kept with the entry. */
export interface MoneyOrder {
  readonly orderedBy: string;
  /** The second person, where it took two. */
  readonly approvedBy: string | null;
  readonly evidence: string;
}

/** Type and data of a command, before it has an envelope. */
export type CommandBody = Body<(typeof ledgerCommands)['types']> | FreezeBody | MoneyBody;

/** What the book decides, whoever asks. */
export type LedgerCommand = Envelope & CommandBody;

/** What may be booked: what moves money has its order. */
export type OrderedCommand =
  TopicCommand | (Envelope & (FreezeBody | (MoneyBody & { readonly order: MoneyOrder })));

/** Type and data of an event, before it has an envelope. */
export type LedgerEvent = Body<(typeof ledgerEvents)['types']>;

import {
  type Body,
  derivedId,
  type Envelope,
  type ledgerCommands,
  type ledgerEvents,
  type Message,
} from '@sluice/messages';

export type TopicCommand = Message<typeof ledgerCommands>;

/** Freezes and unfreezes, requested by people at the admin API; no topic carries them. */
type FreezeBody =
  | {
      readonly type: 'ledger.freeze-account.v1';
      /** `freezeId` names the case behind the freeze; an account may have several freezes. */
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

/** Moves money into the book or within the book, independent of a withdrawal. */
export type MoneyBody =
  | {
      readonly type: 'ledger.fund-account.v1';
      /**
       * `reference` makes the funding idempotent per account; `effectiveAt` defaults to the
       * recording.
       */
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
      /** `accountId`: the account concerned, and the only customer's account on either side. */
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
        /** Lines of a capture; absent: all lines but those of the venue's fee. */
        readonly lines?: 'venue_fee';
      };
    };

/** Person and evidence behind a money movement, stored with the entry. */
export interface MoneyOrder {
  readonly orderedBy: string;
  /** Second person; null if a single person was sufficient. */
  readonly approvedBy: string | null;
  readonly evidence: string;
}

/** Ends the wait of a payment for people. Only the ledger itself makes these commands. */
export type ApprovalBody =
  | {
      readonly type: 'ledger.grant-hold.v1';
      readonly data: {
        readonly withdrawalId: string;
        readonly accountId: string;
        /** Time in which the venue may begin, in milliseconds. */
        readonly submitWithinMs: number;
        /** The customer's request behind the hold, for the auditor. */
        readonly request: RequestBehind;
      };
    }
  | {
      readonly type: 'ledger.end-approval.v1';
      readonly data: {
        readonly withdrawalId: string;
        readonly accountId: string;
        readonly reason: ApprovalEndReason;
      };
    };

/** Reason why a payment that waits for people is not made. */
export type ApprovalEndReason = 'approval_refused' | 'approval_expired' | 'policy_denied';

/** The customer's request behind a hold. */
export type RequestBehind = Pick<
  Extract<LedgerEvent, { type: 'ledger.hold-placed.v1' }>['data'],
  'requestProof' | 'signedRequest' | 'signers'
>;

export type CommandBody =
  Body<(typeof ledgerCommands)['types']> | FreezeBody | MoneyBody | ApprovalBody;

export type LedgerCommand = Envelope & CommandBody;

export type PlaceHoldCommand = Extract<LedgerCommand, { type: 'ledger.place-hold.v1' }>;

/** Command ready for booking: money movements carry their order. */
export type OrderedCommand =
  | TopicCommand
  | (Envelope & (FreezeBody | ApprovalBody | (MoneyBody & { readonly order: MoneyOrder })));

export type LedgerEvent = Body<(typeof ledgerEvents)['types']>;

/**
 * `ce_id` of the answer to a command, equal for each delivery: consumers recognise a second answer.
 * Different data get different ids.
 */
export function eventIdOf({ id, type, data }: Pick<LedgerCommand, 'id' | 'type' | 'data'>): string {
  return derivedId(JSON.stringify([id, type, data]));
}

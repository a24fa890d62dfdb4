import type { Body, ledgerCommands, ledgerEvents, Message } from '@sluice/messages';

export type LedgerCommand = Message<typeof ledgerCommands>;

/** Type and data of an event, before it has an envelope. */
export type LedgerEvent = Body<(typeof ledgerEvents)['types']>;

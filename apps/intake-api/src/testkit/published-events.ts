import { decode, type Message, withdrawalEvents } from '@sluice/messages';
import type { State } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../rows/withdrawal-store.js';
import { withdrawalChangedMessage } from '../wire/withdrawal-event.js';

/** The `sequence`th public event of the withdrawal, as Kafka has it. */
export function eventOf(
  stored: StoredWithdrawal,
  state: State,
  { sequence = 1, at = new Date() }: { readonly sequence?: number; readonly at?: Date } = {},
): Message<typeof withdrawalEvents> {
  const withdrawal = { ...stored.withdrawal, state, published: sequence };
  const message = withdrawalChangedMessage(
    { ...stored, withdrawal },
    { from: null, to: state, at },
  );
  if (message === null) throw new Error(`${state} has no event`);
  const decoded = decode(withdrawalEvents, message);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.refusal));
  return decoded.value;
}

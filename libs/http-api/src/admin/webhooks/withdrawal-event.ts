/** Form of a value in an event: `amount` is padded to the decimals of the currency. */
type EventValueForm = 'text' | 'number' | 'amount' | 'time';

/** Field of the data of an event. */
export interface EventField {
  /** Property with the value: of the message, or computed by the writer of the event. */
  readonly from: string;
  readonly form: EventValueForm;
  readonly nullable?: true;
  readonly description?: string;
  readonly example?: string | number;
}
type EventFields = Readonly<Record<string, EventField>>;

const EVERY_EVENT = {
  withdrawal_id: { from: 'number', form: 'number', example: 57212345678913 },
  client_reference: { from: 'clientReference', form: 'text', nullable: true },
  currency: { from: 'currency', form: 'text', example: 'USDT' },
  network: { from: 'network', form: 'text', example: 'TRX' },
  to_address: { from: 'recipient', form: 'text' },
  amount: { from: 'amount', form: 'amount' },
  fee: { from: 'fee', form: 'amount' },
  tx_hash: { from: 'txHash', form: 'text', nullable: true },
  broadcast_at: { from: 'broadcastAt', form: 'time', nullable: true },
  status: { from: 'status', form: 'text', description: 'public status after this event' },
  sequence: {
    from: 'sequence',
    form: 'number',
    description: 'number of the published event: the event with the higher number is newer',
  },
} as const satisfies EventFields;

/** Fields of each event of a withdrawal, in the order of the body. `at` is the time of the step. */
export const WITHDRAWAL_EVENT_FIELDS = {
  'withdrawal.broadcasted': EVERY_EVENT,
  'withdrawal.confirmed': {
    ...EVERY_EVENT,
    // known only for payments of our own wallet, because numbers of venues are not comparable
    confirmations: { from: 'confirmations', form: 'number', nullable: true },
    block_number: { from: 'blockNumber', form: 'number', nullable: true },
    confirmed_at: { from: 'at', form: 'time' },
  },
  'withdrawal.failed': {
    ...EVERY_EVENT,
    reason: {
      from: 'reason',
      form: 'text',
      nullable: true,
      description: 'stable code of the reason. New values may appear',
    },
    error_message: {
      from: 'errorMessage',
      form: 'text',
      nullable: true,
      description: 'sentence for people that belongs to `reason`',
    },
  },
  'withdrawal.cancelled': { ...EVERY_EVENT, cancelled_at: { from: 'at', form: 'time' } },
  'withdrawal.returned': {
    ...EVERY_EVENT,
    returned_amount: { from: 'returned', form: 'amount' },
    returned_at: { from: 'at', form: 'time' },
  },
  'withdrawal.awaiting_approval': EVERY_EVENT,
  'withdrawal.approved': EVERY_EVENT,
} as const satisfies Readonly<Record<string, EventFields>>;

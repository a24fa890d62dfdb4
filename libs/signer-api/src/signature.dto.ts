import {
  AMOUNT_PATTERN,
  DESTINATION_SCHEMA,
  parseDestination,
  type WireDestination,
} from '@sluice/kernel';
import {
  ChoiceField,
  DecimalField,
  Field,
  PatternField,
  TextField,
  UuidField,
} from '@sluice/http-api';

export const SIGNATURE_KINDS = ['payment', 'void', 'top_up'] as const;
/**
 * Kind of transaction. `payment`: a withdrawal. `void`: a transfer of zero to the sender, to use a
 * nonce up. `top_up`: gas from the tank to a hot wallet.
 */
export type SignatureKind = (typeof SIGNATURE_KINDS)[number];

/**
 * Below 2^53, the limit of exact integers in JavaScript, and far above the nonces of any real
 * address.
 */
const NONCE = /^(0|[1-9]\d{0,14})$/;
const WHOLE = /^[1-9]\d{0,29}$/;
const WHOLE_OR_ZERO = /^(0|[1-9]\d{0,29})$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
/** As in the topic of the permits. */
export const LONGEST_PERMIT = 32_768;
const DIGEST = /^[0-9a-f]{64}$/;

type Kinds = readonly [SignatureKind, ...SignatureKind[]];
const onlyOf = (...kinds: Kinds) => ({
  when: ({ kind }: Readonly<Record<string, unknown>>) => kinds.some((one) => one === kind),
  description: `of kind ${kinds.join(' and ')}`,
});
const PAYMENT = onlyOf('payment');

/**
 * A signature request of the wallet's connector. Gas and nonces are whole numbers in text form;
 * fees are in wei per unit of gas.
 */
export class SignatureRequestDto {
  @ChoiceField(SIGNATURE_KINDS) kind!: SignatureKind;
  /** The part of an asset behind the dot. */
  @PatternField(/^[A-Z0-9_-]{1,32}$/, 'a network such as ETH') network!: string;
  @PatternField(NONCE, 'a nonce as text, such as 17') nonce!: string;
  @PatternField(ADDRESS, 'an address') from!: string;
  @PatternField(WHOLE, 'a whole number as text, such as 21000') gas_limit!: string;
  @PatternField(WHOLE, 'wei as text') max_fee_per_gas!: string;
  @PatternField(WHOLE_OR_ZERO, 'wei as text') max_priority_fee_per_gas!: string;

  @UuidField(PAYMENT) withdrawal_id?: string;
  @UuidField(PAYMENT) account_id?: string;
  @PatternField(/^[A-Z0-9]{1,32}\.[A-Z0-9_-]{1,32}$/, 'an asset such as USDT.ETH', PAYMENT)
  asset?: string;
  /** Amount for the recipient, in units of the asset; for a top-up in the chain's own coin. */
  @DecimalField(
    { moreThanZero: true },
    {
      ...onlyOf('payment', 'top_up'),
      schema: { pattern: AMOUNT_PATTERN },
    },
  )
  amount?: string;
  /** Our own fee for the withdrawal, in units of the asset; the ledger's receipt covers the fee. */
  @DecimalField({}, PAYMENT) fee?: string;
  @Field({ check: destinationFault, schema: DESTINATION_SCHEMA }, PAYMENT)
  destination?: WireDestination;
  /** Our reference, for readers of the signer's records. */
  @TextField({ max: 64 }, PAYMENT) client_reference?: string;
  /** Digest of the order at the ledger. */
  @PatternField(DIGEST, 'a SHA-256 digest in hex', PAYMENT) digest?: string;
  /** The ledger's receipt for the signer: money is held for this order. */
  @TextField({ max: 256 }, PAYMENT) receipt?: string;

  /** The auditor's newest permit for our own wallet, as signed. A payment needs the permit, a void does not. */
  @TextField({ max: LONGEST_PERMIT }, { optional: true })
  permit?: string;

  /** The hot wallet to receive gas, for a top-up. */
  @PatternField(ADDRESS, 'an address', onlyOf('top_up')) to?: string;
}

/** A signed transaction and the transaction hash, the id at every node. */
export class SignatureDto {
  @PatternField(/^0x02[0-9a-f]+$/, 'a transaction') raw!: string;
  @PatternField(/^0x[0-9a-f]{64}$/, 'a hash') hash!: string;
}

function destinationFault(value: unknown): string | null {
  const parsed = parseDestination(value);
  if (!parsed.ok) return parsed.refusal.replace(/^destination(: )?/, '');
  return parsed.value.type === 'address' ? null : ".type: Input should be 'address'";
}

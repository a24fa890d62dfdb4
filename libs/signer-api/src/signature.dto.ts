import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import {
  ChoiceField,
  DecimalField,
  Field,
  FlagField,
  PatternField,
  TextField,
  TextListField,
  UuidField,
  WholeNumberField,
} from '@sluice/http-api';
import {
  AMOUNT_PATTERN,
  DESTINATION_SCHEMA,
  parseDestination,
  type WireDestination,
} from '@sluice/kernel';

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
const LONGEST_PERMIT = 32_768;
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

/** Maximum number of requests in a batch; the signer refuses a longer list as a whole. */
export const MOST_SIGNED_AT_ONCE = 100;

/** Signature requests, each a separate request with a separate answer. */
@ApiExtraModels(SignatureRequestDto)
export class SignatureBatchDto {
  /** The items are read one by one: a malformed item refuses no other item. */
  @Field({
    check: listFault,
    schema: {
      type: 'array',
      minItems: 1,
      maxItems: MOST_SIGNED_AT_ONCE,
      items: { $ref: getSchemaPath(SignatureRequestDto) },
    },
  })
  requests!: readonly unknown[];

  /** The auditor's newest permit for our own wallet, for every payment of the batch. */
  @TextField({ max: LONGEST_PERMIT }, { optional: true })
  permit?: string;
}

/** The answer to one request of a batch, with the status and message of a single request. */
export class BatchSignatureDto {
  /** Place in the batch, from 0. */
  @WholeNumberField({ min: 0, max: MOST_SIGNED_AT_ONCE - 1 }) index!: number;
  @WholeNumberField({ min: 200, max: 599 }) status_code!: number;
  @TextField({ max: 1_000 }) message!: string;
  /** Null for a refused request. */
  @ApiProperty({ type: SignatureDto, nullable: true }) data!: SignatureDto | null;
}

function listFault(value: unknown): string | null {
  if (!Array.isArray(value)) return 'Input should be a list';
  if (value.length === 0) return 'List should have at least 1 items';
  return value.length > MOST_SIGNED_AT_ONCE
    ? `List should have at most ${MOST_SIGNED_AT_ONCE} items`
    : null;
}

/** Maximum withdrawals per request; the signer refuses a longer list. */
export const MOST_ASKED = 1_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Withdrawals to query or close. */
export class WithdrawalIdsDto {
  @TextListField(
    { isGood: (text) => UUID.test(text), expected: 'a withdrawal id', min: 1, max: MOST_ASKED },
    { description: `at most ${MOST_ASKED}` },
  )
  withdrawal_ids!: readonly string[];
}

/** The nonce assigned to a withdrawal, and all transactions signed for the withdrawal. */
export class GivenNonceDto {
  @UuidField() withdrawal_id!: string;
  @PatternField(/^0x[0-9a-fA-F]{40}$/, 'an address') from!: string;
  @PatternField(/^\d+$/, 'a nonce as text') nonce!: string;
  /** Payments and voids, oldest first; empty if the signer crashed before signing. */
  @ApiProperty({ type: [SignatureDto] }) transactions!: readonly SignatureDto[];
  /**
   * True if the withdrawal is closed: the hold may be released, therefore no payment of the
   * withdrawal may be sent any more.
   */
  @FlagField() closed!: boolean;
}

/** A closed withdrawal: the signer signs no more payments for this withdrawal. */
export class ClosedWithdrawalDto {
  @UuidField() withdrawal_id!: string;
  /**
   * True if the withdrawal got a nonce before it was closed: the chain may still pay an earlier
   * signed transaction.
   */
  @FlagField() signed!: boolean;
  /** The same statement for the ledger, under the key shared by ledger and signer. */
  @TextField({ max: 256 }) statement!: string;
}

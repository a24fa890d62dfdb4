import { ApiProperty } from '@nestjs/swagger';
import { isObject, NumberText, type WireDestination } from '@sluice/kernel';
import { DestinationField } from '../../http/destination-field.js';
import {
  ChoiceField,
  DecimalField,
  FlagField,
  NestedListField,
  PatternField,
  TextField,
  TextListField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { AmountField, AssetField, ObjectField, SumField } from './ledger-fields.js';

/** Numbers of the body are read exactly; a document has only whole numbers of a few digits. */
function plainNumbers(value: unknown): unknown {
  if (value instanceof NumberText) return Number(value.text);
  if (Array.isArray(value)) return value.map(plainNumbers);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, plainNumbers(part)]),
  );
}

const VERDICT_TEXT = { max: 10_000 };

const LINES = { isGood: () => true, expected: 'a text' };

const MOST_VERSIONS = { min: 0, max: 1_000_000_000 };

const DOCUMENT = {
  description: 'the rule set, as in docs/policy.md',
  example: {
    rules: [
      {
        kind: 'limit',
        name: 'daily-eur',
        per: ['account'],
        max: '50000',
        unit: 'EUR',
        window: 'day',
      },
    ],
  },
};

/** Rule set to be published as the next version. */
export class PublishPolicyDto {
  @WholeNumberField(MOST_VERSIONS, {
    description: 'the newest version, which the set follows; 0 for the first',
    example: 0,
  })
  after_version!: number;
  @ObjectField(DOCUMENT, plainNumbers) policy!: object;
}

/** Rule set to be compared with the set in force. */
export class ComparePolicyDto {
  @ObjectField(DOCUMENT, plainNumbers) policy!: object;
}

/** Differences between two rule sets. */
export class PolicyDifferencesDto {
  @TextListField(LINES, { description: 'a line for each difference' })
  lines!: readonly string[];
  @TextListField(LINES, {
    description: 'reasons why the set waits; empty: it takes effect at once',
  })
  loosenings!: readonly string[];
}

export class DryRunPolicyDto extends ComparePolicyDto {
  @WholeNumberField({ min: 1, max: 100_000 }, { description: 'number of past requests' })
  last!: number;
}

/** Past request with another decision under the given set. */
class ChangedDecisionDto {
  @UuidField() withdrawal_id!: string;
  @UuidField() account_id!: string;
  @AssetField() asset!: string;
  @SumField('amount for the recipient') payout!: string;
  @TimeField() decided_at!: string;
  @TextField(VERDICT_TEXT, { description: 'allow, deny, or approval with the people' })
  before!: string;
  @TextField(VERDICT_TEXT) after!: string;
  @TextField({}, { description: 'rule of the given set that decides, or of the set in force' })
  rule!: string;
}

/** Replay of past requests under the set in force and under the given set. */
export class DryRunDto {
  @WholeNumberField(MOST_VERSIONS) requests!: number;
  @TimeField({ nullable: true, description: 'decision on the first replayed request' })
  since!: string | null;
  @WholeNumberField(MOST_VERSIONS) refused_before!: number;
  @WholeNumberField(MOST_VERSIONS) refused_after!: number;
  @WholeNumberField(MOST_VERSIONS, { description: 'number of changed decisions' })
  changes!: number;
  @NestedListField(() => ChangedDecisionDto, { description: 'the first thousand', max: 1_000 })
  changed!: readonly ChangedDecisionDto[];
}

/** Published version of the rule set. Version 0 is the default set without rules. */
export class PolicyVersionDto {
  @WholeNumberField(MOST_VERSIONS) version!: number;
  @ChoiceField(['in_force', 'coming', 'replaced', 'never_in_force']) state!: string;
  @ObjectField(DOCUMENT, plainNumbers) policy!: object;
  @TextListField(LINES, { description: 'a line for each rule' })
  rules!: readonly string[];
  @TimeField({ nullable: true }) starts_at!: string | null;
  @TimeField({ nullable: true }) published_at!: string | null;
  @TextField({ max: 1_000 }, { nullable: true }) requested_by!: string | null;
  @TextField({ max: 1_000 }, { nullable: true }) approved_by!: string | null;
}

export class PolicyUseQuery {
  @PatternField(/^[a-z0-9_-]{1,63}$/, 'the name of a limit', { optional: true }) rule?: string;
}

/** Present count of a limit for one key. */
class LimitKeyUseDto {
  /** Values of the counted properties, in their order; empty if the limit counts all together. */
  @TextField({ min: 0 }) key!: string;
  @DecimalField() used!: string;
  @DecimalField() remaining!: string;
}

class LimitUseDto {
  @TextField({ max: 63 }) rule!: string;
  @DecimalField() max!: string;
  @TextField() unit!: string;
  @TextField() window!: string;
  /** Properties by which the limit counts separately. */
  @TextListField(LINES) counted_per!: readonly string[];
  /** False if the limit has more keys than were looked at: another key may be nearer. */
  @ApiProperty({ type: Boolean }) complete!: boolean;
  /** The highest counts first. */
  @NestedListField(() => LimitKeyUseDto) uses!: readonly LimitKeyUseDto[];
}

/** Present use of the limits of the version in force. */
export class PolicyUseDto {
  @WholeNumberField(MOST_VERSIONS) version!: number;
  @TimeField() at!: string;
  @NestedListField(() => LimitUseDto) limits!: readonly LimitUseDto[];
}

/** Reference price of an asset in EUR. */
export class SetPolicyPriceDto {
  @AssetField() asset!: string;
  @DecimalField(
    { moreThanZero: true, maxWholeDigits: 12 },
    { description: 'EUR for one unit', example: '0.92' },
  )
  eur!: string;
}

export class PolicyPriceDto extends SetPolicyPriceDto {
  @TimeField() at!: string;
  @TextField({ max: 1_000 }) requested_by!: string;
  @TextField({ max: 1_000 }, { nullable: true }) approved_by!: string | null;
}

/** Answer of one rule to a withdrawal. */
class RuleAnswerDto {
  @TextField() rule!: string;
  @TextField() text!: string;
  @ChoiceField(['allow', 'approval', 'deny', 'outside', 'unknown']) answer!: string;
  @TextField({}, { nullable: true, description: 'the fact that the rule needs and does not have' })
  missing!: string | null;
  @TextField({}, { nullable: true }) unit!: string | null;
  @TextField({}, { nullable: true, description: 'count before the withdrawal' })
  used!: string | null;
  @TextField({}, { nullable: true, description: 'count of the withdrawal' })
  amount!: string | null;
  @TextField({}, { nullable: true }) max!: string | null;
}

/** Decision of the spending policy on a withdrawal, with the input of every rule. */
export class PolicyDecisionDto {
  @UuidField() withdrawal_id!: string;
  @UuidField() account_id!: string;
  @AssetField() asset!: string;
  @SumField('amount for the recipient') payout!: string;
  @TextField({}, { nullable: true }) key_id!: string | null;
  @TextField({}, { nullable: true, description: 'digest of the recipient' })
  recipient!: string | null;
  @TextField({}, { nullable: true }) price_eur!: string | null;
  @TimeField() decided_at!: string;
  @WholeNumberField(MOST_VERSIONS) version!: number;
  @FlagField({ description: 'true: no rule of the policy refused the withdrawal' })
  allowed!: boolean;
  @TextField(VERDICT_TEXT, { nullable: true, description: 'people who had to approve' })
  approval!: string | null;
  @NestedListField(() => RuleAnswerDto) answers!: readonly RuleAnswerDto[];
}

const VERDICTS = ['allow', 'deny', 'approval'] as const;

const REASONS = ['policy_denied', 'limit_exceeded'] as const;

/**
 * Request by intake-api: a withdrawal that the ledger judges by the spending policy, without
 * counting it. `amount` is the amount for the recipient, without the fee.
 */
export class PreviewPolicyDto {
  @UuidField() account_id!: string;
  @TextField({ max: 128 }, { description: 'API key of the request' }) key_id!: string;
  @AssetField() asset!: string;
  @AmountField() amount!: string;
  @DestinationField() destination!: WireDestination;
  @TextField({ max: 32 }) venue!: string;
}

/** Decision of the spending policy at this moment. `approval`: people would have to approve. */
export class PolicyPreviewDto {
  @ChoiceField(VERDICTS) verdict!: (typeof VERDICTS)[number];
  @ChoiceField(REASONS, { nullable: true }) reason!: (typeof REASONS)[number] | null;
  @TextField({}, { nullable: true, description: 'name of the refusing rule' }) rule!: string | null;
  @TextField({}, { nullable: true, description: 'rest that the limit allows, in `unit`' })
  remaining!: string | null;
  @TextField({}, { nullable: true, description: 'asset, `EUR` or `payments`' })
  unit!: string | null;
  @TimeField({
    nullable: true,
    description: 'time at which the limit allows the amount; null: never',
  })
  frees_at!: string | null;
}

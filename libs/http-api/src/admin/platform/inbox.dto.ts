import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  FlagField,
  TextField,
  TimeField,
  WholeNumberField,
} from '../../http/fields.js';
import { type Role, ROLES } from '../callers.js';

const INBOX_KINDS = [
  'approval',
  'payment_approval',
  'address_entry',
  'case',
  'break',
  'halt',
  'book_halt',
  'order_case',
  'dead_letter',
  'finding',
  'paused_wallet',
  'ledger_difference',
  'lost_withdrawal',
] as const;
export type InboxKind = (typeof INBOX_KINDS)[number];

/** Subject at this service that waits for people. */
export class InboxItemDto {
  @ChoiceField(INBOX_KINDS) kind!: InboxKind;
  @TextField({}, { description: 'id of the subject in the routes of its kind' }) id!: string;
  @TextField({ max: 1_500 }, { description: 'a sentence for people; the wording may change' })
  title!: string;
  @TextField({}, { nullable: true }) withdrawal_id!: string | null;
  @TextField({}, { nullable: true }) account_id!: string | null;
  @TextField({}, { nullable: true }) venue!: string | null;
  @TextField({}, { nullable: true }) asset!: string | null;
  @TimeField() since!: string;
  @TextField({ max: 256 }, { nullable: true, description: 'the person who has asked' })
  asked_by!: string | null;
  @TimeField({ nullable: true }) expires_at!: string | null;
  @ApiProperty({ enum: ROLES, isArray: true, description: 'a person with one of them may act' })
  roles!: readonly Role[];
  @WholeNumberField({ min: 1, max: 2 }, { description: 'people that the whole action takes' })
  people!: number;
  @FlagField({
    description:
      'the kind may have more items than listed: it has more than 100, or the search has reached its bound',
  })
  more!: boolean;
}

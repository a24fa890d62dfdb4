import { TextField, TimeField } from '../../http/fields.js';
import { ReasonField } from './ledger-fields.js';

/** Halt of the book. While a halt is not lifted, the ledger books no command from Kafka. */
export class BookHaltDto {
  @ReasonField({ description: 'the invariants that were violated' }) reason!: string;
  @TimeField() opened_at!: string;
  @TimeField({ nullable: true, description: 'null while it is in force' })
  lifted_at!: string | null;
  @TextField({}, { nullable: true }) lifted_by!: string | null;
  @TextField({}, { nullable: true, description: 'the second person' })
  lift_approved_by!: string | null;
  @ReasonField({ nullable: true }) evidence!: string | null;
}

export class LiftBookHaltDto {
  @ReasonField({ description: 'what was found out; kept for good' }) evidence!: string;
}

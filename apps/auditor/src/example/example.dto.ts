import { TimeField, UuidField, WholeNumberField } from '@sluice/http-api';

export class ExampleListQuery {
  @WholeNumberField({ min: 1, max: 500 }, { optional: true }) limit?: number;
}

export class ExampleDto {
  @UuidField() id!: string;
  @TimeField() began_at!: string;
  @TimeField({ nullable: true }) ended_at!: string | null;
}

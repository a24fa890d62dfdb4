import { ApiProperty } from '@nestjs/swagger';

/** Something that is wrong, for whoever has to put it right. */
export class FindingDto {
  /** Stays the same for ever, for scripts and for the manual. */
  @ApiProperty() code!: string;
  /** What is wrong, as a sentence. */
  @ApiProperty() wrong!: string;
  /** What follows from it, as a sentence. */
  @ApiProperty() follows!: string;
  /** What to do, as a sentence. */
  @ApiProperty() remedy!: string;
}

/** A look that could not be taken this time, or that nobody can take. */
export class UnknownDto {
  @ApiProperty() what!: string;
  /** As a sentence. */
  @ApiProperty() because!: string;
}

/** One key that this service shares with another, by a print from which the key cannot be had. */
export class KeyPrintDto {
  @ApiProperty() shared_with!: string;
  @ApiProperty() id!: string;
  /** True for the one key of each that MACs are made with. */
  @ApiProperty() signs!: boolean;
  @ApiProperty() print!: string;
}

/** As whom the service works where; it says nothing that a password could be had from. */
export class IdentityDto {
  /** Host, port and name of its database. */
  @ApiProperty() database!: string;
  @ApiProperty() database_login!: string;
  @ApiProperty({ type: String, nullable: true }) kafka_login!: string | null;
}

/** What a service finds wrong in its own surroundings, with the credentials that nobody else has. */
export class SelfCheckDto {
  @ApiProperty() service!: string;
  @ApiProperty() version!: string;
  /** Its database's, in milliseconds since 1970. */
  @ApiProperty() time_ms!: number;
  /** The names of what was looked at. */
  @ApiProperty({ type: [String] }) checked!: readonly string[];
  @ApiProperty({ type: [FindingDto] }) findings!: readonly FindingDto[];
  /** Looks that failed: another time they may not. */
  @ApiProperty({ type: [UnknownDto] }) unchecked!: readonly UnknownDto[];
  /** What cannot be found out from here at all. */
  @ApiProperty({ type: [UnknownDto] }) untold!: readonly UnknownDto[];
  @ApiProperty({ type: IdentityDto }) identity!: IdentityDto;
  @ApiProperty({ type: [KeyPrintDto] }) message_keys!: readonly KeyPrintDto[];
}

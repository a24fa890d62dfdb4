import { ApiProperty } from '@nestjs/swagger';

/** Fault, for the person repairing the system. */
export class FindingDto {
  /** Stays the same for ever, for scripts and for the manual. */
  @ApiProperty() code!: string;
  /** Description of the fault, as a sentence. */
  @ApiProperty() wrong!: string;
  /** Consequence of the fault, as a sentence. */
  @ApiProperty() follows!: string;
  /** Remedy, as a sentence. */
  @ApiProperty() remedy!: string;
}

/** Check not possible this time, or never possible. */
export class UnknownDto {
  @ApiProperty() what!: string;
  /** Cause, as a sentence. */
  @ApiProperty() because!: string;
}

/**
 * Key shared by this service with another service, as a fingerprint. The fingerprint does not
 * reveal the key.
 */
export class KeyPrintDto {
  @ApiProperty() shared_with!: string;
  @ApiProperty() id!: string;
  /** True for the key used to make MACs, a single key per peer. */
  @ApiProperty() signs!: boolean;
  @ApiProperty() print!: string;
}

/** Logins and database of the service. Contains no data for deriving a password. */
class IdentityDto {
  /** Host, port and name of the database. */
  @ApiProperty() database!: string;
  @ApiProperty() database_login!: string;
  @ApiProperty({ type: String, nullable: true }) kafka_login!: string | null;
  /** Client of the service at the issuer of people's tokens; null without one. */
  @ApiProperty({ type: String, nullable: true }) oidc_client!: string | null;
}

/** Faults found by a service in the environment, with credentials not held by any other service. */
export class SelfCheckDto {
  @ApiProperty() service!: string;
  @ApiProperty() version!: string;
  /** Time of the service's database, in milliseconds since 1970. */
  @ApiProperty() time_ms!: number;
  /** Names of the completed checks. */
  @ApiProperty({ type: [String] }) checked!: readonly string[];
  @ApiProperty({ type: [FindingDto] }) findings!: readonly FindingDto[];
  /** Failed checks: a later run may succeed. */
  @ApiProperty({ type: [UnknownDto] }) unchecked!: readonly UnknownDto[];
  /** Facts not verifiable by this service at all. */
  @ApiProperty({ type: [UnknownDto] }) untold!: readonly UnknownDto[];
  @ApiProperty({ type: IdentityDto }) identity!: IdentityDto;
  @ApiProperty({ type: [KeyPrintDto] }) message_keys!: readonly KeyPrintDto[];
  /** Clients of the issuer whose token alone takes part in decisions of two people here. */
  @ApiProperty({ type: [String] }) clients_without_passkey!: readonly string[];
}

export class ViolationDto {
  /** The invariant's code and sentence. */
  @ApiProperty() invariant!: string;
  @ApiProperty({ type: 'array', items: { type: 'object' } }) rows!: readonly object[];
}

/** Invariants of a service's database, with the rows in violation. */
export class InvariantReportDto {
  @ApiProperty() checked!: number;
  @ApiProperty({ type: [ViolationDto] }) violations!: readonly ViolationDto[];
  /** Number of rows checked, by kind: a check of zero rows proves no invariant. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  populations!: Readonly<Record<string, number>>;
}

import { Injectable } from '@nestjs/common';
import { ApiError, type Caller, type PasskeyVouchersDto } from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { InjectConfig, InjectMessageKeys, RecordSeals } from '@sluice/service-shell';
import { type MessageKeys, signVoucher } from '@sluice/signing';
import {
  DEFAULT_PASSKEYS,
  PASSKEY_ROWS,
  passkeyFault,
  type PasskeyRow,
  type PasskeySettings,
} from './passkeys.js';

const ITSELF = 'ledger';

/** The ledger's word to other services about the usable passkeys of a person. */
@Injectable()
export class Vouchers {
  constructor(
    private readonly database: Database,
    private readonly seals: RecordSeals,
    @InjectMessageKeys() private readonly keys: MessageKeys,
    @InjectConfig() private readonly settings: PasskeySettings = DEFAULT_PASSKEYS,
  ) {}

  /** Vouchers of the caller's own passkeys for one service. The ledger itself needs none. */
  async list(service: string, { name: person }: Caller): Promise<PasskeyVouchersDto> {
    if (service !== ITSELF && !this.keys.names().includes(service))
      throw ApiError.notFound(`The ledger shares no key with a service ${service}`);
    const rows = await this.database.query<PasskeyRow>(USABLE);
    const own = rows.filter((row) => passkeyFault(this.seals, row, person) === null);
    const { passkeyRpId: rpId, passkeyOrigins: origins } = this.settings;
    const issuedAt = this.database.clock.now().toISOString();
    const common = { service, person, rpId, origins, issuedAt };
    const voucherOf = ({ credential_id: credentialId, public_key: publicKey }: PasskeyRow) =>
      service === ITSELF
        ? ''
        : signVoucher(this.keys.with(service), { ...common, credentialId, publicKey });
    return {
      rp_id: rpId,
      vouchers: own.map((row) => ({
        credential_id: row.credential_id,
        voucher: voucherOf(row),
      })),
    };
  }
}

const USABLE = `${PASSKEY_ROWS} WHERE r.revoked_at IS NULL ORDER BY p.added_at`;

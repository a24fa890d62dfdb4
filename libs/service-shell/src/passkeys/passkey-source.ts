import { ApiError, type Caller } from '@sluice/http-api';
import { isVoucherValid, type MessageKeys, readVoucher } from '@sluice/signing';

/** Passkey of the caller, as the service knows it. */
export interface KnownPasskey {
  readonly credentialId: string;
  /** COSE key in base64url. */
  readonly publicKey: string;
  /** Uses as reported by the authenticator; 0 if unknown. */
  readonly uses: number;
  readonly rpId: string;
  readonly origins: readonly string[];
}

export interface NamedPasskey {
  readonly credentialId: string;
  /** Voucher of the ledger; empty at the ledger. */
  readonly voucher: string;
}

/** Finds the passkeys of people: in the service's own rows, or by vouchers of the ledger. */
export interface PasskeySource {
  /** Throws ApiError 403 if the caller has no such usable passkey. */
  find(named: NamedPasskey, caller: Caller): Promise<KnownPasskey>;
  /** Called after a valid proof, with the uses that the authenticator reports. */
  use(credentialId: string, uses: number): Promise<void>;
}

const LEDGER = 'ledger';

/** Trusts vouchers of the ledger, which carry a MAC under the key shared with the ledger. */
export class VouchedPasskeys implements PasskeySource {
  constructor(
    private readonly service: string,
    private readonly keys: Pick<MessageKeys, 'names' | 'with'>,
    private readonly now: () => Date,
  ) {}

  async find({ credentialId, voucher: text }: NamedPasskey, caller: Caller): Promise<KnownPasskey> {
    if (!this.keys.names().includes(LEDGER))
      throw new ApiError(403, `${this.service} has no key of the ledger in MESSAGE_KEYS`);
    const voucher = readVoucher(this.keys.with(LEDGER), text);
    if (voucher?.service !== this.service || voucher.credentialId !== credentialId)
      throw new ApiError(403, `The voucher was not issued by the ledger for ${this.service}`);
    if (voucher.person !== caller.name)
      throw new ApiError(403, `The passkey does not belong to ${caller.name}`);
    if (!isVoucherValid(voucher, this.now())) throw passkeyRequired('The voucher is too old');
    return { ...voucher, uses: 0 };
  }

  async use(): Promise<void> {
    // The ledger alone counts uses.
  }
}

/** 403 after which the page asks for the passkey, and repeats the call. */
export function passkeyRequired(message: string): ApiError {
  return new ApiError(403, message, {}, { code: 'passkey_required' });
}

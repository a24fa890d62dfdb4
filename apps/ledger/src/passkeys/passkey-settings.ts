/** Settings of passkeys, as the browsers of the approvers see this installation. */
export interface PasskeySettings {
  /** Relying party id: the domain of the page where people use their passkeys. */
  readonly passkeyRpId: string;
  /** Origins of that page, e.g. `https://console.example.com`. */
  readonly passkeyOrigins: readonly string[];
  /** Hours before a new passkey counts. */
  readonly passkeyWaitsHours: number;
}

/** Default: the page that `sluice approvals approve` serves on this computer. */
export const DEFAULT_PASSKEYS: PasskeySettings = {
  passkeyRpId: 'localhost',
  passkeyOrigins: ['http://localhost:7420'],
  passkeyWaitsHours: 24,
};

/** Reads PASSKEY_ORIGINS: a JSON list of origins. */
export function readOrigins(value: unknown): readonly string[] {
  const isOrigin = (one: unknown): one is string =>
    typeof one === 'string' && URL.canParse(one) && new URL(one).origin === one;
  if (Array.isArray(value) && value.length > 0 && value.every(isOrigin)) return value;
  throw new Error('must be a JSON list of origins such as ["https://console.example.com"]');
}

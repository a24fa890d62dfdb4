import { choice, textOrFile, type ConfigOf, type RuleInput } from '@sluice/runtime';
import { PermitKeys } from '@sluice/signing';

const MODES = ['required', 'advisory'] as const;

/** Settings of every process that sends or signs payments. */
export const PERMIT_SETTINGS = {
  /**
   * `required`: a payment leaves only with a current permit of the auditor. `advisory`: payments
   * without a permit are counted and logged; a payment that the auditor objects to is sent.
   */
  auditorPermits: choice<(typeof MODES)[number]>('AUDITOR_PERMITS', MODES, 'required'),
  /** Public keys of the auditor, 32 bytes in base64 each, with spaces or line ends between. */
  auditorPublicKeys: textOrFile('AUDITOR_PUBLIC_KEYS', readKeys, new PermitKeys([])),
} as const;

export type PermitSettings = ConfigOf<typeof PERMIT_SETTINGS>;

/** Rule for the settings above. */
export function permitKeysMissing({
  config: { auditorPermits, auditorPublicKeys },
}: RuleInput<PermitSettings>): readonly string[] {
  return auditorPermits === 'required' && auditorPublicKeys?.isEmpty === true
    ? [
        'AUDITOR_PUBLIC_KEYS is missing: with AUDITOR_PERMITS=required nothing is sent without a permit that one of these keys verifies',
      ]
    : [];
}

function readKeys(text: string): PermitKeys {
  try {
    return PermitKeys.parse(text);
  } catch (error) {
    throw new Error(`a public key of the auditor ${(error as Error).message}`, { cause: error });
  }
}

// PKCS11_TOKEN is the label of a token, not a secret.
const SECRET =
  /^(?!PKCS11_TOKEN$)(DATABASE_URL|DATABASE_OWNER_URL|MESSAGE_KEYS|(CHAIN|CHAIN_SIGNING|EVENTS_SIGNING|AUDITOR_SIGNING|SERVICE)_KEY|(AUDITOR_)?EVM_CHAINS|\w+_PIN|\w+_(TOKEN|KEK|PASSWORD|SECRET|MEMO|PRIVATE_KEY))$/;

/** True if production accepts this variable only from a file named by `<name>_FILE`. */
export function isSecretVariable(name: string): boolean {
  return SECRET.test(name);
}

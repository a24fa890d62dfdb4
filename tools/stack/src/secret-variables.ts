// PKCS11_TOKEN is the label of one.
const SECRET =
  /^(?!PKCS11_TOKEN$)(DATABASE_URL|DATABASE_OWNER_URL|MESSAGE_KEYS|(CHAIN|CHAIN_SIGNING|SERVICE)_KEY|EVM_CHAINS|\w+_PIN|\w+_(TOKEN|KEK|PASSWORD|SECRET|MEMO|PRIVATE_KEY))$/;

/** Whether production takes this variable from a file alone, which `<name>_FILE` names. */
export function isSecretVariable(name: string): boolean {
  return SECRET.test(name);
}

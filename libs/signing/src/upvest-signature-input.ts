/** Content of a `signature-input` header: signed parts of the message, key and validity period. */
export interface UpvestSignatureInput {
  /**
   * The client's name for the signature, and the name of the value in the `signature` header;
   * `sig1` in the guide.
   */
  readonly label: string;
  /** Signed components, in signing order. */
  readonly components: readonly string[];
  readonly keyId: string | null;
  /** Unix seconds. */
  readonly created: number | null;
  readonly expires: number | null;
  readonly nonce: string | null;
  /** All bytes behind the label, unchanged, for the last line of the signed text. */
  readonly text: string;
}

const INPUT =
  /^([a-z*][a-z0-9_.*-]*)=(\( *((?:"[^"\\\s]+"(?: +"[^"\\\s]+")*)?) *\)((?:; *[a-z]+=(?:"[^"\\]*"|\d{1,12}))*))$/;

/**
 * Parses the header. Returns null unless the header contains a single signature over plain, unique
 * components.
 */
export function readUpvestSignatureInput(header: string): UpvestSignatureInput | null {
  const found = INPUT.exec(header);
  if (!found) return null;
  const [, label = '', text = '', list = '', tail = ''] = found;
  const components = [...list.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
  const params = [...tail.matchAll(/; *([a-z]+)=(?:"([^"]*)"|(\d+))/g)].map(
    ([, name = '', quoted, digits]) => ({ name, quoted, digits }),
  );
  if (
    new Set(components).size !== components.length ||
    new Set(params.map(({ name }) => name)).size !== params.length
  )
    return null;
  const param = (name: string) => params.find((one) => one.name === name);
  const seconds = (name: string): number | null => {
    const digits = param(name)?.digits;
    return digits === undefined ? null : Number(digits);
  };
  return {
    label,
    components,
    keyId: param('keyid')?.quoted ?? null,
    created: seconds('created'),
    expires: seconds('expires'),
    nonce: param('nonce')?.quoted ?? null,
    text,
  };
}

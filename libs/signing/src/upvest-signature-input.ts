/** What one `signature-input` header says: which parts of the message are signed, by which key, and for how long. */
export interface UpvestSignatureInput {
  /** The client's name for the signature, under which the `signature` header has its value; `sig1` in the guide. */
  readonly label: string;
  /** In the order in which they are signed. */
  readonly components: readonly string[];
  readonly keyId: string | null;
  /** Unix seconds. */
  readonly created: number | null;
  readonly expires: number | null;
  readonly nonce: string | null;
  /** Everything behind the label, byte for byte: it is the last line of what is signed. */
  readonly text: string;
}

const INPUT =
  /^([a-z*][a-z0-9_.*-]*)=(\( *((?:"[^"\\\s]+"(?: +"[^"\\\s]+")*)?) *\)((?:; *[a-z]+=(?:"[^"\\]*"|\d{1,12}))*))$/;

/** Reads the header; null for anything but one signature over plain components, each named once. */
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

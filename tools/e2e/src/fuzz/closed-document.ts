type Node = Readonly<Record<string, unknown>>;

/**
 * Returns the document with the strictness required of Sluice. An answer object has the described
 * fields and no others. A message is an example from the document, optionally followed by a colon
 * and a reason. Clients of the published document accept more.
 */
export function closedDocument(document: Node): Node {
  const components = document['components'] as Node;
  return {
    ...document,
    paths: eachOperation(document['paths'] as Node, (operation) => ({
      ...operation,
      responses: closed(operation['responses']),
    })),
    components: { ...components, schemas: closed(components['schemas']) },
  };
}

function eachOperation(paths: Node, change: (operation: Node) => Node): Node {
  return mapped(paths, (operations) =>
    mapped(operations as Node, (operation) => change(operation as Node)),
  );
}

function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const node = mapped(part as Node, closed);
  if (Array.isArray(node['examples'])) return { ...node, pattern: oneOf(node['examples']) };
  const isClosable = isFields(node['properties']) && node['additionalProperties'] === undefined;
  return isClosable ? { ...node, additionalProperties: false } : node;
}

function oneOf(sentences: readonly unknown[]): string {
  const escaped = sentences.map((one) => String(one).replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return `^(?:${escaped.join('|')})(?:: .+)?$`;
}

/** Distinguishes a schema's `properties` from a field named `properties`. */
function isFields(properties: unknown): boolean {
  return (
    typeof properties === 'object' &&
    properties !== null &&
    Object.values(properties).every((one) => typeof one === 'object')
  );
}

function mapped(node: Node, change: (value: unknown) => unknown): Node {
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, change(value)]));
}

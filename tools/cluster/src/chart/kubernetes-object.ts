import { parseAllDocuments } from 'yaml';

/** Parts of Kubernetes objects used by the tests. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly automountServiceAccountToken?: boolean;
  readonly spec?: unknown;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly startupProbe?: object;
  readonly livenessProbe?: object;
  readonly readinessProbe?: object;
  readonly ports?: readonly { readonly name: string }[];
}

export interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly serviceAccountName?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly topologySpreadConstraints?: readonly object[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
}

interface Volume {
  readonly name: string;
  readonly secret?: {
    readonly secretName: string;
    readonly defaultMode?: number;
    readonly items?: readonly { readonly key: string }[];
  };
}

/** Kubernetes reads YAML 1.1, in which 0440 is an octal number. */
export function objectsOf(rendered: string): readonly KubernetesObject[] {
  return parseAllDocuments(rendered, { version: '1.1', merge: true }).flatMap((document) => {
    const object = document.toJSON() as KubernetesObject | null;
    return object === null ? [] : [object];
  });
}

/** Pod templates of an object. */
export function podsOf({ kind, spec }: KubernetesObject): readonly PodSpec[] {
  if (kind === 'Pod') return [spec as PodSpec];
  if (kind !== 'Deployment' && kind !== 'Job') return [];
  return [(spec as { readonly template: { readonly spec: PodSpec } }).template.spec];
}

interface Peer {
  readonly ipBlock?: { readonly cidr: string };
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
}

interface Policy {
  readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly { readonly from?: readonly Peer[] }[] | null;
  readonly egress?: readonly { readonly to?: readonly Peer[] }[] | null;
}

const NAME = 'app.kubernetes.io/name';

/** Returns an edge `a → b` for each connection allowed by policies, from both sides. */
interface Edges {
  readonly ingress: readonly string[];
  readonly egress: readonly string[];
}

/** Addresses are identified by the names of `groups`: each group of peers has a separate address. */
export function edgesOf(
  objects: readonly KubernetesObject[],
  groups: ReadonlyMap<string, string>,
): Edges {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy').map(policyOf);
  const nameOf = (peer: Peer): string =>
    peer.ipBlock ? (groups.get(peer.ipBlock.cidr) ?? peer.ipBlock.cidr) : podOf(peer);
  const ingress = policies.flatMap((policy) =>
    (policy.ingress ?? []).flatMap(({ from }) =>
      (from ?? [null]).map((peer) => `${peer ? nameOf(peer) : 'anybody'} → ${podOf(policy)}`),
    ),
  );
  const egress = policies.flatMap((policy) =>
    (policy.egress ?? []).flatMap(({ to }) =>
      (to ?? [null]).map((peer) => `${podOf(policy)} → ${peer ? nameOf(peer) : 'anywhere'}`),
    ),
  );
  return { ingress: sorted(ingress), egress: sorted(egress) };
}

/** Pods selected by policies that refuse everything. */
export function refused(objects: readonly KubernetesObject[]): readonly Policy[] {
  return objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map(policyOf)
    .filter(({ ingress, egress }) => !ingress && !egress);
}

/**
 * Rows of the table "Who connects to whom". `every service` and `connector-<venue>` represent several services, without services that
 * have a separate row: `every service but signer`.
 */
export function edgesInText(architecture: string, services: readonly string[]): readonly string[] {
  const [, section = ''] = architecture.split('## Who connects to whom\n');
  const rows = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| ([^|]+) \| ([^|]+) \|/gm)];
  const all = (cell: string): readonly string[] =>
    cell.split(', ').flatMap((name) => {
      const [word = '', but] = name.replaceAll('`', '').trim().split(' but ');
      const others = services.filter((one) => one !== but);
      if (word === 'every service') return others;
      if (word === 'connector-<venue>') return others.filter((one) => one.startsWith('connector-'));
      return word;
    });
  return sorted(
    rows
      .slice(1)
      .flatMap(([, from = '', to = '']) =>
        all(from).flatMap((one) => all(to).map((other) => `${one} → ${other}`)),
      ),
  );
}

function policyOf({ spec }: KubernetesObject): Policy {
  return spec as Policy;
}

function podOf({ podSelector }: Peer): string {
  return podSelector?.matchLabels[NAME] ?? 'all pods';
}

function sorted(edges: readonly string[]): readonly string[] {
  return [...new Set(edges)].toSorted();
}

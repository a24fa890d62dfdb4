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

import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { readConfig, text, type Environment } from '@sluice/runtime';
import { fetchedTool, workspaceRoot } from '@sluice/test-servers';
import type { AnySchemaObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { KubernetesObject } from './kubernetes-object.js';

/** Path of the Helm program; empty: the pinned version. */
const chartConfig = (env: Environment = process.env) => readConfig(env, { helm: text('HELM', '') });

export const CHART = join(workspaceRoot(), 'deploy/helm/sluice');
const MODULE = join(workspaceRoot(), 'tools/cluster/helm');

interface Answer {
  readonly ok: boolean;
  readonly out: string;
}

export function findHelm(): Helm | null {
  const program = helmProgram();
  return program === null ? null : new Helm(program);
}

/** Null without a configured Helm and without Go to build the pinned version. */
export function helmProgram(): string | null {
  const { helm } = chartConfig();
  if (helm !== '') return helm;
  if (spawnSync('go', ['version']).status !== 0) return null;
  const pins = ['go.mod', 'go.sum'].map((file) => join(MODULE, file));
  try {
    return fetchedTool('helm', pins, build);
  } catch {
    return null; // Go has printed the reason; without its module proxy Helm cannot be built
  }
}

/** Go verifies every module against go.sum; the first build takes 2 CPU minutes. */
function build(to: string): void {
  execFileSync(
    'go',
    ['build', '-mod=readonly', '-trimpath', '-o', to, 'helm.sh/helm/v3/cmd/helm'],
    { cwd: MODULE, env: { ...process.env, CGO_ENABLED: '0' }, stdio: 'inherit' },
  );
}

export class Helm {
  constructor(private readonly program: string) {}

  lint(values: string): Answer {
    return this.ask(['lint', '--strict', CHART, '--values', values]);
  }

  template(values: string, more: readonly string[] = [], release = 'pay'): Answer {
    const version = ['--kube-version', '1.32.0'];
    return this.ask(['template', release, CHART, '--values', values, ...version, ...more]);
  }

  private ask(args: readonly string[]): Answer {
    const { status, stdout, stderr, error } = spawnSync(this.program, args, {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (error) throw error;
    return { ok: status === 0, out: status === 0 ? stdout : `${stdout}${stderr}` };
  }
}

/** Oldest supported version, a middle version, and the newest version with schemas. */
export const VERSIONS = ['1.30.0', '1.33.0', '1.37.0'] as const;

const PINS = join(workspaceRoot(), 'tools/cluster/kubernetes-schemas.txt');

/** Folder with the schemas of each version; null without Python, because the schemas come from a Python package. */
export function findSchemas(): string | null {
  if (spawnSync('python3', ['-m', 'pip', '--version']).status !== 0) return null;
  try {
    const place = fetchedTool('kubernetes-schemas', [PINS], download);
    return join(place, 'kubernetes_validate/kubernetes-json-schema');
  } catch {
    return null; // pip has printed the reason
  }
}

function download(to: string): void {
  mkdirSync(to);
  const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--require-hashes'];
  execFileSync('python3', [...pip, '--requirement', PINS, '--dest', to], { stdio: 'inherit' });
  const [wheel = ''] = readdirSync(to);
  execFileSync('python3', ['-m', 'zipfile', '-e', join(to, wheel), to]);
}

/** Faults found by the schemas of a Kubernetes version, field by field; unknown fields are faults. */
export class KubernetesSchemas {
  private readonly folder: string;
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });

  constructor(schemas: string, version: (typeof VERSIONS)[number]) {
    this.folder = join(schemas, `v${version}-local-strict`);
    this.ajv.addSchema(this.read('_definitions.json'), '/api/_definitions.json');
  }

  faultsOf(object: KubernetesObject): readonly string[] {
    const [group = '', version = group] = object.apiVersion.split('/');
    const of = group === version ? '' : `${group.split('.')[0]}-`;
    const name = `${object.kind.toLowerCase()}-${of}${version}.json`;
    const check = this.ajv.getSchema(name) ?? this.ajv.compile({ ...this.read(name), $id: name });
    void check(object);
    return (check.errors ?? []).map(
      ({ instancePath, message }) =>
        `${object.kind} ${object.metadata.name} ${instancePath} ${message}`,
    );
  }

  private read(file: string): AnySchemaObject {
    return JSON.parse(readFileSync(join(this.folder, file), 'utf8')) as AnySchemaObject;
  }
}

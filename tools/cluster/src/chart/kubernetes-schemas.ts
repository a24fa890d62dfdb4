import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnySchemaObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fetchedTool, workspaceRoot } from '@sluice/test-servers';
import type { KubernetesObject } from './kubernetes-object.js';

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

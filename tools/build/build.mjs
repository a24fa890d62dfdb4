// Compiles a project with SWC: `node tools/build/build.mjs libs/kernel` writes libs/kernel/dist
// beside src.
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { transformFileSync } from '@swc/core';
import { bundlePrograms } from './bundle.mjs';

const project = process.argv[2];
if (!project) throw new Error('usage: node tools/build/build.mjs PROJECT_FOLDER');

const { files } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
/**
 * A project with `files` is a package for installation by others: types and licence are included,
 * and CommonJS programs can load the package.
 */
const isInstalled = files !== undefined;
const declarationOf = isInstalled ? await declarations() : null;
const src = join(project, 'src');
const dist = join(project, 'dist');
rmSync(dist, { recursive: true, force: true });

for (const file of globSync(`${src}/**/*`, { withFileTypes: true })) {
  if (!file.isFile() || file.name.endsWith('.spec.ts')) continue;
  const from = join(file.parentPath, file.name);
  const to = join(dist, relative(src, from));
  mkdirSync(dirname(to), { recursive: true });
  if (!file.name.endsWith('.ts')) {
    cpSync(from, to); // SQL, JSON and other data travel beside the code
    continue;
  }
  const js = to.replace(/\.ts$/, '.js');
  const { code, map } = transformFileSync(from, {
    sourceMaps: true,
    sourceFileName: relative(dirname(js), from),
    ...(isInstalled && { module: { type: 'commonjs', exportInteropAnnotation: true } }),
  });
  writeFileSync(js, `${code}\n//# sourceMappingURL=${basename(js)}.map\n`);
  writeFileSync(`${js}.map`, map ?? '');
  if (declarationOf) writeFileSync(to.replace(/\.ts$/, '.d.ts'), declarationOf(from));
}
if (project.startsWith('apps/')) await bundlePrograms(dist);
if (isInstalled) {
  cpSync('LICENSE', join(dist, 'LICENSE'));
  writeEntryOfModules();
}

/**
 * The code of an installed package is CommonJS, and ES modules import the same code through `index.mjs`. A second copy of the code would have
 * error classes of its own, and `instanceof OutcomeUnknownError` would be false for an error of the other copy.
 */
function writeEntryOfModules() {
  writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  const names = Object.keys(createRequire(import.meta.url)(resolve(dist, 'index.js'))).sort();
  writeFileSync(join(dist, 'index.mjs'), `export { ${names.join(', ')} } from './index.js';\n`);
  writeFileSync(join(dist, 'index.d.mts'), "export * from './index.js';\n");
}

/** Declares types file by file, as allowed by `isolatedDeclarations`: exports name their types. */
async function declarations() {
  const { default: ts } = await import('typescript');
  const compilerOptions = { target: ts.ScriptTarget.ES2023, isolatedDeclarations: true };
  return (file) => {
    const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(file, 'utf8'), {
      fileName: file,
      compilerOptions,
      reportDiagnostics: true,
    });
    const [fault] = diagnostics;
    if (fault)
      throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(fault.messageText, ' ')}`);
    return outputText;
  };
}

// Compiles one project with SWC: `node tools/build/build.mjs libs/money` writes libs/money/dist beside its src.
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { transformFileSync } from '@swc/core';

const project = process.argv[2];
if (!project) throw new Error('usage: node tools/build/build.mjs PROJECT_FOLDER');

const { files } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
/** What others install (`files` says what of it) carries its types and its licence. */
const declarationOf = files === undefined ? null : await declarations();
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
  });
  writeFileSync(js, `${code}\n//# sourceMappingURL=${basename(js)}.map\n`);
  writeFileSync(`${js}.map`, map ?? '');
  if (declarationOf) writeFileSync(to.replace(/\.ts$/, '.d.ts'), declarationOf(from));
}
if (declarationOf) cpSync('LICENSE', join(dist, 'LICENSE'));

/** File by file, as `isolatedDeclarations` allows: what is exported names its types. */
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

/** Archives that other programs make, and what they read of one. */
import { spawnSync } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';

/** Whether a program is here; without it what needs it is left out. */
export function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** The reason to leave a test out; false if all programs are here. */
export function without(...programs: readonly string[]): string | false {
  const missing = programs.filter((program) => !has(program));
  return missing.length === 0 ? false : `${missing.join(', ')} is not installed`;
}

/** Standard output of a program that must end well. */
export function output(command: readonly string[], cwd: string, stdin?: Uint8Array): Buffer {
  const [program, ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(program!, args, {
    cwd,
    maxBuffer: 1e9,
    ...(stdin === undefined ? {} : { input: stdin }),
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr} ${stdout.subarray(0, 2000)}`);
  return stdout;
}

/** A program that reads archives: how it says which members there are, tries all of them, and gives one out. */
export interface Reader {
  readonly program: string;
  names(archive: string, cwd: string): string[];
  test(archive: string, cwd: string): void;
  member(archive: string, name: string, cwd: string): Buffer;
}

const lines = (text: Buffer) =>
  text
    .toString()
    .split('\n')
    .filter((line) => line !== '');

const PYTHON_ZIP = {
  names: 'import sys,zipfile\nfor n in zipfile.ZipFile(sys.argv[1]).namelist(): print(n)',
  test: 'import sys,zipfile\nassert zipfile.ZipFile(sys.argv[1]).testzip() is None',
  member: 'import sys,zipfile\nsys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))',
};
const PYTHON_TAR = {
  names: 'import sys,tarfile\nfor m in tarfile.open(sys.argv[1]): print(m.name + ("/" if m.isdir() else ""))',
  test: 'import sys,tarfile\nt=tarfile.open(sys.argv[1])\nfor m in t:\n  if m.isreg(): t.extractfile(m).read()',
  member: 'import sys,tarfile\nsys.stdout.buffer.write(tarfile.open(sys.argv[1]).extractfile(sys.argv[2]).read())',
};

/** The interpreter itself: what stands under its name may be a script that looks for it. */
let interpreter: string | null = null;
function python3(): string {
  interpreter ??= output(['python3', '-c', 'import sys; print(sys.executable)'], '/').toString().trim();
  return interpreter;
}

/** Runs a script of Python. */
export function runPython(script: string, cwd: string, ...args: readonly string[]): Buffer {
  return output([python3(), '-S', '-c', script, ...args], cwd);
}

function python(scripts: Readonly<Record<'names' | 'test' | 'member', string>>): Reader {
  return {
    program: 'python3',
    names: (archive, cwd) => lines(runPython(scripts.names, cwd, archive)),
    test: (archive, cwd) => void runPython(scripts.test, cwd, archive),
    member: (archive, name, cwd) => runPython(scripts.member, cwd, archive, name),
  };
}

const BSDTAR: Reader = {
  program: 'bsdtar',
  names: (archive, cwd) => lines(output(['bsdtar', '-tf', archive], cwd)),
  test: (archive, cwd) => void output(['bsdtar', '-xOf', archive], cwd),
  member: (archive, name, cwd) => output(['bsdtar', '-xOf', archive, name], cwd),
};

/** 7z sees a tar within a tar.gz, so that is unpacked through a pipe. */
function sevenZip(archive: string, cwd: string): { readonly args: string[]; readonly stdin?: Buffer } {
  if (!archive.endsWith('gz')) return { args: [archive] };
  return { args: ['-si', '-ttar'], stdin: output(['7z', 'x', '-so', archive], cwd) };
}

const SEVEN_ZIP: Reader = {
  program: '7z',
  names: (archive, cwd) => {
    const { args, stdin } = sevenZip(archive, cwd);
    const listed = output(['7z', 'l', '-slt', '-ba', ...args], cwd, stdin).toString();
    return listed.split('\n\n').flatMap((block) => {
      const name = /^Path = (.*)$/m.exec(block)?.[1];
      return name === undefined ? [] : [`${name}${/^(?:Folder = \+|Attributes = D)/m.test(block) ? '/' : ''}`];
    });
  },
  test: (archive, cwd) => {
    const { args, stdin } = sevenZip(archive, cwd);
    output(['7z', 't', '-bd', ...args], cwd, stdin);
  },
  member: (archive, name, cwd) => {
    const { args, stdin } = sevenZip(archive, cwd);
    return output(['7z', 'x', '-so', ...args, name], cwd, stdin);
  },
};

export const ZIP_READERS: readonly Reader[] = [
  {
    program: 'unzip',
    names: (archive, cwd) => lines(output(['unzip', '-Z1', archive], cwd)),
    test: (archive, cwd) => void output(['unzip', '-tqq', archive], cwd),
    member: (archive, name, cwd) => output(['unzip', '-p', archive, name], cwd),
  },
  SEVEN_ZIP,
  BSDTAR,
  python(PYTHON_ZIP),
];

export const TAR_READERS: readonly Reader[] = [
  {
    program: 'tar',
    names: (archive, cwd) => lines(output(['tar', '-tf', archive], cwd)),
    test: (archive, cwd) => void output(['tar', '-xPOf', archive], cwd),
    member: (archive, name, cwd) => output(['tar', '-xOf', archive, name], cwd),
  },
  SEVEN_ZIP,
  BSDTAR,
  python(PYTHON_TAR),
];

/** What comes out of a generator of bytes, at once. */
export async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Opens a file while something is done with it. */
export async function withFile<T>(path: string, use: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  const file = await open(path);
  try {
    return await use(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

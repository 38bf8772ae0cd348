/** What a member of an archive is to a scan. */
import { SKIPPED_DIRECTORIES } from '../find.js';

/** The name of a member as it is shown and told apart: without a leading `./` or `/`. */
export function shownName(name: string): string {
  return name.replace(/^(?:\.?\/)+/, '');
}

/** Whether whoever unpacks a member may be led out of the folder, or fooled about where it is. */
export function isOddName(name: string): boolean {
  return /(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[a-z]:|[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/i.test(name);
}

/** Which members are read: those that a walk over the unpacked archive would read. */
export class Wanted {
  /** The folder that the archive begins with is as if the user had named it. */
  #top: string | null = null;

  /** @param isRead whether a file of that name is read, wherever it lies */
  constructor(private readonly isRead: (name: string) => boolean) {}

  /** @param name as {@link shownName} gives it; of every member, in the order of the archive */
  has(name: string): boolean {
    const folders = name.slice(0, name.lastIndexOf('/') + 1);
    this.#top ??= folders;
    const base = name.slice(folders.length);
    if (!this.isRead(base)) return false;
    let shared = 0;
    while (shared < this.#top.length && folders.startsWith(this.#top.slice(0, this.#top.indexOf('/', shared) + 1)))
      shared = this.#top.indexOf('/', shared) + 1;
    return !folders
      .slice(shared)
      .split('/')
      .some((folder) => SKIPPED_DIRECTORIES.test(folder));
  }
}

/**
 * The order of a walk: the files of a folder before the folders in it.
 * @param order of two files in one folder
 */
export function inOrderOfWalk(order: (a: string, b: string) => number): (a: string, b: string) => number {
  return (a, b) => {
    let from = 0;
    for (;;) {
      const endA = a.indexOf('/', from);
      const endB = b.indexOf('/', from);
      if (endA < 0 && endB < 0) return a === b ? 0 : order(a.slice(from), b.slice(from));
      if (endA < 0 || endB < 0) return endA < 0 ? -1 : 1;
      const folderA = a.slice(from, endA);
      const folderB = b.slice(from, endB);
      if (folderA !== folderB) return folderA < folderB ? -1 : 1;
      from = endA + 1;
    }
  };
}

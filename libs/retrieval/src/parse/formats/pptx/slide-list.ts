import { posix } from 'node:path';
import type { Archive } from '../../archive/archive.js';
import { readXml } from '../xml/read-xml.js';

const PRESENTATION = 'ppt/presentation.xml';

/** A relation's kind (the last word of its type) and the entry that it leads to. */
export interface Relation {
  kind: string;
  target: string;
}

/** Names of the slides' entries in the order in which they are shown. */
export async function listSlides(archive: Archive): Promise<string[]> {
  const relations = await relationsOf(archive, PRESENTATION);
  const slides: string[] = [];
  readXml((await archive.read(PRESENTATION)) ?? '', {
    onOpen: (name, attributes) => {
      const relation = name === 'p:sldId' ? relations.get(attributes['r:id'] ?? '') : undefined;
      if (relation !== undefined && archive.has(relation.target)) slides.push(relation.target);
    },
  });
  return slides;
}

/** What an entry refers to, by the id that it uses. Nothing outside of the archive is among it. */
export async function relationsOf(archive: Archive, entry: string): Promise<Map<string, Relation>> {
  const { dir, base } = posix.parse(entry);
  const relations = new Map<string, Relation>();
  readXml((await archive.read(`${dir}/_rels/${base}.rels`)) ?? '', {
    onOpen: (name, { Id = '', Type = '', Target = '', TargetMode = '' }) => {
      if (name !== 'Relationship' || TargetMode === 'External') return;
      const target = Target.startsWith('/') ? Target.slice(1) : posix.join(dir, Target);
      relations.set(Id, { kind: Type.slice(Type.lastIndexOf('/') + 1), target });
    },
  });
  return relations;
}

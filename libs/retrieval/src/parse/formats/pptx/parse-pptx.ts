import type { ParsedDocument } from '../../../ports/document.js';
import type { Archive } from '../../archive/archive.js';
import { DocumentBuilder } from '../../document-builder.js';
import type { ParseLimits } from '../../limits.js';
import { invalid } from '../../unreadable.js';
import { officeProperties } from '../docx/office-properties.js';
import { readSlide } from './read-slide.js';
import { listSlides, relationsOf } from './slide-list.js';

const LISTED_TITLES = 100;

/** A page for each slide, under its title, with the speaker's notes. */
export async function parsePptx(archive: Archive, limits: ParseLimits): Promise<ParsedDocument> {
  const builder = new DocumentBuilder(limits);
  const slides = await listSlides(archive);
  const titles: string[] = [];
  for (const [index, slide] of slides.entries()) {
    const { title, text } = readSlide((await archive.read(slide)) ?? '');
    const notes = await readNotes(archive, slide);
    builder.startPage(index + 1).startHeading(1, title);
    if (titles.length < LISTED_TITLES) titles.push(title.slice(0, LISTED_TITLES));
    if (text !== '') builder.append(`${text}\n\n`);
    if (notes !== '') builder.append(`Notes: ${notes}\n\n`);
  }
  if (builder.isBlank) invalid('The presentation has no text: its slides consist of images.');
  const properties = await officeProperties(archive);
  return builder.finish({ format: 'pptx', category: 'document', ...properties, pages: slides.length, slides: titles });
}

async function readNotes(archive: Archive, slide: string): Promise<string> {
  const relations = await relationsOf(archive, slide);
  const notes = [...relations.values()].find(({ kind }) => kind === 'notesSlide');
  return notes === undefined ? '' : readSlide((await archive.read(notes.target)) ?? '').text;
}

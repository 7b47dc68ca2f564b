import { integer, text, url } from '../variable.js';
import { HTTP } from './protocols.js';

/** Vector stores, and how files get into them. */
export const KNOWLEDGE = {
  INGESTION_CONCURRENCY: integer({
    default: 2,
    min: 1,
    max: 256,
    description: 'Files that one process parses and indexes at once.',
  }),
  INGESTION_LEASE_SECONDS: integer({
    default: 15,
    min: 2,
    max: 3600,
    description: 'Seconds of silence after which the file of a worker is given to another one.',
  }),
  OCR_URL: url({
    default: undefined,
    protocols: HTTP,
    defaultText: '(none: scanned PDFs and images are refused)',
    description: 'Apache Tika server that recognises text in scanned PDFs and images, such as http://tika:9998.',
  }),
  OCR_LANGUAGES: text({
    default: undefined,
    defaultText: "(the server's own)",
    description: "Languages to look for, by Tesseract's names, such as `eng+deu`.",
  }),
  OCR_TIMEOUT_SECONDS: integer({
    default: 300,
    min: 1,
    max: 86_400,
    description: 'Seconds that text recognition of one file may take.',
  }),
} as const;

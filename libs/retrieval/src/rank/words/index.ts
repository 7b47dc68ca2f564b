export { termsOf, visitWords, type VisitWord } from './words.js';
